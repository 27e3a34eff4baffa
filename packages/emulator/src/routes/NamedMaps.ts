/** `/api/v1/map/named`: templates, and maps made of them (maps reference, §14). */
import type { MapsRoute } from "../maps/router.ts"

export const namedMaps: ReadonlyArray<MapsRoute> = []
