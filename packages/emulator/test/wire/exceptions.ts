/** Recordings that the emulator cannot or does not want to match, each with its reason. */

const sharedSession = "the recorded server's sessions leak into the next request; the emulator's are clean"
const setting = "recorded with a setting that the emulator does not have"
const gdal = "the format is made by GDAL"
const lostRows = "the recorded server lost the rows that it had not flushed"
const unflushed = "PGlite still holds back the last rows when a statement is stopped"
const newerPostgres = "the text of a newer PostgreSQL"

export const exceptions: Readonly<Record<string, string>> = {
  "c13-userdatasize": "tells the size of the recorded account's tables",
  "c14-username": "the recorded server opened a session for each role",
  "f-gpkg-intid": gdal,
  "f-gpkg-nogeom": gdal,
  "f-shp": gdal,
  "k55-copyto-midfail": lostRows,
  "k62-copyto-to-file": newerPostgres,
  "k71-copyfrom-max-post-size": setting,
  "k72-copyfrom-max-post-size-gzip": setting,
  "l02-row-too-large-mid": setting,
  "l03-system-tables-hard": setting,
  "l04-system-tables-hard-infoschema": "shows a table of the recorded account",
  "l11-copyfrom-over-quota": "quotas are not enforced",
  "p-callback-evil": "the emulator cuts a callback down to what can be a name",
  "p-filename-shp": gdal,
  "q10-post-badjson": "the text of a newer JSON parser",
  "q35-show": setting,
  "t03-timeout-mid-stream": unflushed,
  "t04-timeout-geojson-mid-stream": unflushed,
  "t12-terminated-by-admin": "an operator ended the recorded session",
  "t23-temp-table-next-request": sharedSession
}
