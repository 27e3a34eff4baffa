/** What the error codes of imports and synchronizations mean, and what to do (platform reference, §6.4). */

/** Who can act: on the data, on the plan of the account, by importing again, or only who operates the server. */
export type ImportFix = "data" | "plan" | "repeat" | "operator"

export interface ImportProblem {
  readonly code: number
  readonly title: string
  readonly fix: ImportFix
  /** Where the server sees the cause. */
  readonly source: "user" | "cartodb" | "external"
  /** What to do next, in one line. */
  readonly remedy: string
}

type Row = readonly [code: number, title: string, fix: ImportFix, remedy: string, source?: ImportProblem["source"]]

const rows: ReadonlyArray<Row> = [
  [1, "Install error", "operator", "Tell the operator: the installation of the server is broken.", "cartodb"],
  [1000, "File I/O error", "repeat", "Check that the file opens on this machine, then import it again.", "cartodb"],
  [1001, "Download error", "data", "Check that the URL can be reached from outside, without a login."],
  [
    1002,
    "Unsupported or unrecognized file type",
    "data",
    "Convert it to a format that is read, and check its extension."
  ],
  [1003, "Decompression error", "data", "Build the archive anew, and check that it opens on this machine."],
  [1004, "XLS/XLSX error", "data", "Save the sheet as CSV and import that."],
  [1005, "Empty file", "data", "Give at least one row or feature."],
  [1006, "Invalid SHP file", "data", "Put the .shp, .shx, .dbf and .prj files of one name into one zip."],
  [1007, "Too many nodes", "data", "Ask OpenStreetMap for a smaller area."],
  [1008, "Google Drive access forbidden", "data", "Ask the administrator of the domain to allow other applications."],
  [1009, "Twitter server error", "repeat", "Import it again later.", "external"],
  [1010, "Nothing to import", "data", "Give a file, a URL, a query or a table."],
  [
    1011,
    "Error retrieving data from the datasource",
    "data",
    "Check that the item still exists, and connect the service again."
  ],
  [
    1012,
    "Error connecting to the datasource",
    "repeat",
    "Connect the service again, or wait until it is up.",
    "external"
  ],
  [1013, "Invalid ArcGIS version", "data", "ArcGIS Server 10.1 or newer is needed."],
  [1014, "Invalid name", "data", "Rename the file: its name cannot be used, or too many datasets have it already."],
  [1015, "No results", "data", "Change the query to the other service: it found nothing."],
  [1016, "Dropbox permission revoked", "data", "Connect Dropbox again."],
  [1017, "File not found", "data", "The file is gone from its source; import it from where it is now."],
  [1018, "File is password protected", "data", "Save the file without a password."],
  [1019, "Too many layers", "data", "Split the file: at most 50 layers are read of one."],
  [1020, "Download timeout", "repeat", "The source is too slow: import it again, or download it and import the file."],
  [1021, "Box permission revoked", "data", "Connect Box again."],
  [
    1022,
    "All tables were skipped",
    "data",
    "Datasets of that name exist already; overwrite them, or give another name."
  ],
  [1023, "ArcGIS server misconfiguration", "data", "Enable the query capability on the ArcGIS server."],
  [1100, "Download file not found", "data", "Correct the URL: its server knows no such file."],
  [1101, "Forbidden file URL", "data", "Use a URL that needs no login, or download the file and import that."],
  [1102, "Unknown server URL", "data", "Correct the host of the URL: its name is unknown."],
  [1103, "Partial file error", "repeat", "The download broke off: import it again."],
  [1500, "Connector error", "data", "Check the connection, the credentials and the query: the other database refused."],
  [1501, "Connectors disabled", "plan", "Ask for connectors, or for this provider, to be enabled for the account."],
  [1502, "Connector with invalid parameters", "data", "Correct the parameters of the connector."],
  [2001, "Unable to load data", "operator", "Check the data; if they are right, tell the operator of the server."],
  [2002, "Encoding detection error", "data", "Save the file as UTF-8."],
  [2003, "Malformed CSV", "data", "Quote texts that hold line breaks or delimiters, and give one header line."],
  [2004, "Too many columns", "data", "Give at most 250 columns."],
  [2005, "Duplicated column", "data", "Give each column a name of its own."],
  [2006, "Encoding error", "data", "Save the file as UTF-8: some characters cannot be read."],
  [2007, "Encoding error", "data", "Save the file as UTF-8: some characters cannot be read."],
  [2008, "Malformed XLS", "data", "Save the sheet as CSV or XLSX."],
  [2009, "KML without style id", "data", "Add an id to every style element."],
  [
    2010,
    "Incompatible CARTO table",
    "operator",
    "The table could not become a dataset; tell the operator of the server."
  ],
  [
    2011,
    "Invalid cartodb_id column",
    "data",
    "Make cartodb_id unique whole numbers that are never null, or rename the column."
  ],
  [
    2012,
    "Incompatible schemas",
    "data",
    "Keep the columns of the dataset that is overwritten, or import under another name."
  ],
  [2013, "Cannot overwrite table", "data", "Drop the views that depend on the dataset, or import under another name."],
  [2014, "Invalid geometries", "data", "Repair the geometries."],
  [3007, "JSON may not be valid GeoJSON", "data", "Give GeoJSON: other JSON is not read."],
  [3008, "Unknown SRID", "data", "Reproject the data to EPSG:4326."],
  [3009, "SHP normalization error", "data", "Convert the shapefile to UTF-8 and EPSG:4326."],
  [3101, "Missing projection (.prj) file", "data", "Add the .prj file to the zip."],
  [3201, "Geometry collections are not supported", "data", "Split the data by type of geometry."],
  [3202, "Empty KML", "data", "The KML only links to another one; import that."],
  [6666, "Dataset too big", "plan", "Split the file, or ask for a larger limit."],
  [6667, "Import timed out", "repeat", "Import it again, in smaller parts if it stays.", "cartodb"],
  [6668, "Too many table rows", "plan", "Split the data, or ask for a larger limit."],
  [6669, "Too many concurrent imports", "repeat", "Wait until another import has ended."],
  [6670, "Too many named map templates", "plan", "Delete templates that are not used."],
  [6671, "Stuck import job", "repeat", "The server lost it: import it again.", "cartodb"],
  [8001, "Over account storage limit", "plan", "Delete datasets, or ask for a larger plan."],
  [8002, "Limit of datasets reached", "plan", "Delete datasets, or ask for a larger plan."],
  [
    8003,
    "Error creating table from SQL query",
    "data",
    "Run the query by itself, and give each of its columns another name."
  ],
  [8004, "Merge with unmatching column types", "data", "Give both columns the same type."],
  [8005, "Layers per map limit reached", "plan", "Remove layers, or ask for a larger plan."],
  [8006, "Not enough Twitter credits", "plan", "Ask for more credits, or lower their limit."],
  [8007, "Over account maps limit", "plan", "Delete maps, or ask for a larger plan."],
  [
    8008,
    "Over limit of public datasets, or publication is disabled",
    "plan",
    "Import it as private, or make others private."
  ],
  [9999, "Unspecified", "repeat", "The server does not tell why: run it again, and ask the operator if it stays."],
  [99999, "Unknown", "operator", "Give the id of the import to the operator of the server.", "cartodb"]
]

const problems = new Map(
  rows.map(([code, title, fix, remedy, source = "user"]): readonly [number, ImportProblem] => [
    code,
    { code, title, fix, remedy, source }
  ])
)

/** All known codes, ascending. */
export const all: ReadonlyArray<ImportProblem> = [...problems.values()]

/** Codes that nobody has told of are legal too. */
export const describe = (code: number): ImportProblem | undefined => problems.get(code)
