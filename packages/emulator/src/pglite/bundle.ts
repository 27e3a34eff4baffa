/** Cuts PGlite's PostGIS package down: raster, topology and the geocoder would triple the time of every start. */
import { gunzipSync, gzipSync } from "node:zlib"

const kept =
  /\/$|lib\/postgresql\/postgis-3\.so$|share\/proj\/proj\.(db|ini)$|extension\/postgis(\.control|--\d+\.\d+\.\d+\.sql)$/

const block = 512

/**
 * A tar.gz with the files of the `postgis` extension proper, out of the one that the package brings.
 *
 * It is stored without compression: it is read on every start.
 */
export const slimBundle = (archive: Uint8Array): Uint8Array => {
  const tar = gunzipSync(archive)
  const parts: Array<Uint8Array> = []
  for (let at = 0; at + block <= tar.length; ) {
    const name = text(tar, at, 100)
    if (name === "") break
    const size = Number.parseInt(text(tar, at + 124, 12), 8) || 0
    const end = at + block + Math.ceil(size / block) * block
    if (kept.test(name)) parts.push(tar.subarray(at, end))
    at = end
  }
  // Two empty blocks end an archive.
  parts.push(new Uint8Array(2 * block))
  return gzipSync(Buffer.concat(parts), { level: 0 })
}

/** A field of a tar header, which ends at its first NUL. */
const text = (tar: Buffer, at: number, length: number): string => {
  const end = tar.subarray(at, at + length).indexOf(0)
  return tar.toString("latin1", at, at + (end < 0 ? length : end))
}
