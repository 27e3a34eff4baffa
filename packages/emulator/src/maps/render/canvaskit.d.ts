/** The entry of canvaskit-wasm with fonts and JPEG, to whose types its exports do not lead. */
declare module "canvaskit-wasm/full" {
  export default function init(): Promise<unknown>
}
