/** The one map of the bench server, and its one tile. */

export const layergroup = JSON.stringify({
  layergroupid: "3832889220162d145148d74a745400a5:1714979289123",
  last_updated: "2024-05-06T07:08:09.123Z",
  metadata: { layers: [{ type: "mapnik", id: "layer0", meta: {} }] }
})

/** Of a usual size; what is in it nobody looks at. */
export const tile = Buffer.alloc(16_384, 26)
