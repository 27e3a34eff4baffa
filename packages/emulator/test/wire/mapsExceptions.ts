/** Recordings of maps that the emulator cannot or does not want to match, each with its reason. */

const internals = "the recorded text is an error of the server's own program"
const counted = "the emulator counts rows, where the recorded server asks PostgreSQL's planner"
const analysis = "the emulator has no analyses but sources"
const timed = "recorded with a limit of time"
const otherAccount = "of another account; the emulator has one"

const torque = "the emulator draws no frames of torque"
const unrecorded = "its map was not recorded"

const conflict = "the recorded server mixed up its cached renderers"

export const exceptions: Readonly<Record<string, string>> = {
  "006-unknown-path": "other APIs answer their own 404 there",
  "037-anon-err-options-missing": internals,
  "053-anon-err-interactivity-column": "tells the SQL of the renderer",
  "073-named-inst-literal-quote": counted,
  "076-named-inst-color-null": internals,
  "094-named-tile-wrong-signer": otherAccount,
  "109-named-static-view": conflict,
  "110-named-static-jpg": conflict,
  "111-named-static-zoomlonlat": conflict,
  "112-named-static-bbox": conflict,
  "131-named-inst-buffersize": "its template was not recorded",
  "132-named-inst-buffersize-nan": "its template was not recorded",
  "015-named-get-python-style": "its template was not recorded",
  "151-rate-tile-mvt": "its answer leaves out whose map it is",
  "153-timeout-anon-raster": timed,
  "157-tpllimit-1024th": otherAccount,
  "211-dv-map-filtered": counted,
  "234-analysis-buffer-master-again": analysis,
  "235-analysis-node": analysis,
  "238-analyses-catalog": analysis,
  "257-metadata-options": "samples and the order of equally frequent categories are random",
  "117-multi-all": torque,
  "121-multi-http-idx": "the server of its base map is not there",
  "128-multi-torque-png": torque,
  "129-multi-torque-png-ext": torque,
  "146-expiry-tile-before": unrecorded,
  "258-static-center-png": torque,
  "259-static-center-jpg": torque,
  "266-static-size-float": torque,
  "013-static-named-bounds": unrecorded,
  "003-named-direct-collision-then-png": unrecorded,
  "005-named-direct-collision-then-png-other-layer": unrecorded,
  "002-named-direct-collision-png-1": unrecorded,
  "007-named-direct-collision-then-png-other-layer": unrecorded
}
