/** Why an import failed: a code, and the texts that CARTO tells with it (platform reference, §6.4). */
import * as Data from "effect/Data"

/** An import that did not work out. `http` is the status of a download that was answered, but not with 2xx. */
export class ImportFailure extends Data.TaggedError("ImportFailure")<{
  readonly code: number
  readonly http?: { readonly status: number; readonly message: string } | undefined
}> {}

/** A failure that only has a code. */
export const failure = (code: number): ImportFailure => new ImportFailure({ code })

/** `get_error_text`: the advice is HTML. */
export interface FailureText {
  readonly title: string
  readonly what_about: string
  readonly source: "user" | "cartodb" | "external"
}

const contact = "<a href='mailto:support@carto.test'>contact us</a>"

const user = (title: string, advice: string): FailureText => ({ title, what_about: advice, source: "user" })
const ours = (title: string, advice: string): FailureText => ({
  title,
  what_about: `${advice} If it happens again, please ${contact}.`,
  source: "cartodb"
})
const external = (title: string, advice: string): FailureText => ({ title, what_about: advice, source: "external" })

const texts: ReadonlyMap<number, FailureText> = new Map([
  [1, ours("Install error", "The local emulator reads this format with GDAL: npm install gdal3.js.")],
  [1000, ours("File I/O error", "Check that the file opens on your machine and upload it again.")],
  [1001, user("Download error", "Check that the URL is correct and can be reached.")],
  [1002, user("Unsupported/Unrecognized file type", "Convert it to a supported format and check its extension.")],
  [1003, user("Decompression error", "The archive seems to be broken. Build it anew and try again.")],
  [1004, user("XLS/XLSX Error", "Export the sheet as CSV and import that.")],
  [1005, user("Empty file", `No processable data was found. If all looks right ${contact}.`)],
  [1006, user("Invalid SHP file", "The archive must hold the files .shp, .shx, .dbf and .prj.")],
  [1007, user("Too many nodes", "You requested too many nodes. Either request a smaller area, or use planet.osm.")],
  [1008, user("GDrive access forbidden", "Ask the administrator of your domain to allow third-party applications.")],
  [1009, external("Twitter Server Error", "There was an unexpected error connecting to Twitter's servers.")],
  [1011, user("Error retrieving data from datasource", "The item is gone, or the authorisation was lost.")],
  [1012, external("Error connecting to datasource", "The token has expired, or the service is down. Try again later.")],
  [1013, user("Invalid ArcGIS version", "ArcGIS Server 10.1 or newer is needed.")],
  [1014, user("Invalid name", "Rename the file: too many datasets have a similar name.")],
  [1015, user("No results", "The query to the external service returned nothing.")],
  [1016, user("Dropbox permission revoked", "Connect the service again.")],
  [1017, user("GDrive file was deleted", "The file is not there any more. Import it again.")],
  [1018, user("File is password protected", "Remove the password and try again.")],
  [1019, user("Too Many Layers", "The file has more than 50 layers.")],
  [1020, user("Download timeout", "The server of the file is too slow. Try again later.")],
  [1021, user("Box permission revoked", "Connect the service again.")],
  [1022, user("All tables were skipped", "Datasets of the same name exist, and were kept.")],
  [1023, user("ArcGIS server misconfiguration", "Enable the query capability on the ArcGIS server.")],
  [1100, user("Download file not found", "The URL answered 404. Check that it is correct.")],
  [1101, user("Forbidden file URL", "The URL answered 401 or 403. Check that it is public.")],
  [1102, user("Unknown server URL", "The name of the server does not resolve. Check the URL.")],
  [1103, user("Partial file error", "The file is not as long as was announced. Try again later.")],
  [1500, user("Connector error", "The external database refused or failed.")],
  [1501, user("Connectors disabled", "The connector is not enabled in your account.")],
  [1502, user("Connector invalid parameters", "Check the parameters of the connection.")],
  [2001, user("Unable to load data", `We could not load the file. If all looks right ${contact}.`)],
  [2002, user("Encoding detection error", "Save the file as UTF-8.")],
  [2003, user("Malformed CSV", "Check for headers over several lines, and for quotes that do not close.")],
  [2004, user("Too many columns", "A dataset has at most 250 columns.")],
  [2005, user("Duplicated column", "Every column needs a name of its own.")],
  [2006, user("Encoding error", "Some characters are wrong. Save the file as UTF-8.")],
  [2007, user("Encoding error", "Force the encoding UTF-8 in the file.")],
  [2008, user("Malformed XLS", "Save the file as CSV or XLSX.")],
  [2009, user("KML without style Id", "Add an id to the elements of type Style.")],
  [2010, user("Incompatible CARTO table", `The table could not be made a dataset. Please ${contact}.`)],
  [2011, user("Invalid cartodb_id column", "It must be unique, not null and an integer. Otherwise rename it.")],
  [2012, user("Incompatible schemas", "Columns in use would change or disappear.")],
  [2013, user("Cannot overwrite table", "Views or other objects depend on it.")],
  [2014, user("Invalid geometries", "Repair the geometries and try again.")],
  [3007, user("JSON may not be valid GeoJSON", "Only GeoJSON is supported.")],
  [3008, user("Unknown SRID", "Reproject the file to EPSG:4326.")],
  [3009, user("SHP Normalization error", "Convert it to UTF-8 and EPSG:4326.")],
  [3101, user("Missing projection (.prj) file", "Add the .prj file to the archive.")],
  [3201, user("Geometry Collection not supported", "Split the file by type of geometry.")],
  [3202, user("Empty KML", "The KML is only a link to another one.")],
  [6666, user("Dataset too big", "The file is larger than your account allows.")],
  [6667, ours("Import timed out", "Importing the file took too long.")],
  [6668, user("Too many table rows", "The file has more rows than your account allows.")],
  [6669, user("Too many concurrent imports", "Wait until another import has ended.")],
  [6670, user("Too many named map templates", "Delete some of your maps.")],
  [6671, ours("Stuck import job", "The import did not make any progress. Please import it again.")],
  [8001, user("Over account storage limit, please upgrade", "Delete some datasets, or upgrade your account.")],
  [
    8002,
    user(
      "You have reached the limit of datasets for your plan. Upgrade your account to get unlimited datasets",
      "Delete some datasets, or upgrade your account."
    )
  ],
  [8003, user("Error creating table from SQL query", "Check the query, and that no name of a column stands twice.")],
  [8004, user("Merge with unmatching column types", "The columns must have the same type.")],
  [8005, user("Max layers per map reached", "The map has as many layers as your account allows.")],
  [8006, user("Not enough Twitter credits", "Not enough credits are left.")],
  [8007, user("Over account maps limit, please upgrade", "Delete some maps, or upgrade your account.")],
  [
    8008,
    user(
      "Over account datasets limit or publication is disabled in your account",
      "Make the dataset private, or upgrade your account."
    )
  ],
  [99999, ours("Unknown", "An unknown error happened.")]
])

/** The texts of a code; null for the ones that have none, such as 1010 and 9999. */
export const failureText = (code: number): FailureText | null => texts.get(code) ?? null
