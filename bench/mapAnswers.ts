/** Maps as the bench server tells of them, and their one tile. */

/** Ids of maps whose tiles are ready, and of those whose tiles must be drawn; these have `drawn` in their query. */
export const ready = "3832889220162d145148d74a745400a5"
export const drawn = "c1a5498fe3882ff813bc8c49be9c9d5b"

/** Milliseconds: little for a tile that is drawn of a database. */
export const drawingTime = 20

export const layergroup = (config: string): string =>
  JSON.stringify({
    layergroupid: `${config.includes("drawn") ? drawn : ready}:1714979289123`,
    last_updated: "2024-05-06T07:08:09.123Z",
    metadata: { layers: [{ type: "mapnik", id: "layer0", meta: {} }] }
  })

/** Of a usual size; what is in it nobody looks at. */
export const tile = Buffer.alloc(16_384, 26)
