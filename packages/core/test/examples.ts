/** The examples of the platform reference, §8.4, §10.2 and Appendix A, with their gaps filled. */
export const owner = {
  id: "4c2a0d63-9c0f-4a25-8b0e-1d6b4a3f9d10",
  name: "Alice",
  last_name: null,
  username: "alice",
  email: "alice@example.test",
  avatar_url: "//img.example.test/a.png",
  website: null,
  description: null,
  location: null,
  twitter_username: null,
  disqus_shortname: null,
  available_for_hire: false,
  base_url: "https://acme.example.test/u/alice",
  google_maps_query_string: null,
  quota_in_bytes: 524288000,
  table_count: 12,
  viewer: false,
  role_display: "builder",
  org_admin: false,
  public_visualization_count: 3,
  all_visualization_count: 20,
  org_user: true,
  remove_logo: false
}

const { email, quota_in_bytes, role_display, table_count, ...stranger } = owner
/** The public form of a user. */
export const publicOwner = stranger

export const bob = {
  id: "8f1d2c3b-0000-4000-8000-000000000001",
  username: "bob",
  name: null,
  last_name: null,
  avatar_url: null,
  base_url: "https://acme.example.test/u/bob",
  google_maps_query_string: null,
  disqus_shortname: null,
  viewer: false,
  org_admin: false,
  org_user: true,
  remove_logo: false
}

export const permission = {
  id: "77d1e2f3-1111-4222-8333-94c5d6e7f888",
  owner,
  entity: { id: "0a6b2f5e-2b1c-4c53-8b0e-62c3f0f9a111", type: "vis" },
  acl: [{ type: "user", entity: bob, access: "r" }],
  created_at: "2019-04-02T09:31:10.430Z",
  updated_at: "2019-04-03T08:00:00.000Z"
}

const both = {
  id: "0a6b2f5e-2b1c-4c53-8b0e-62c3f0f9a111",
  name: "stations",
  display_name: null,
  map_id: "b2f8c1a0-8a53-4c2a-9f5c-0c6f1de0a222",
  active_layer_id: "d7e1a5b3-3f1c-4b0d-8d9e-3d2f5c7aa333",
  type: "table",
  locked: false,
  source: null,
  title: null,
  attributions: null,
  kind: "geom",
  external_source: {},
  prev_id: null,
  next_id: null,
  parent_id: null,
  transition_options: {},
  active_child: null,
  children: [],
  synchronization: null,
  uses_builder_features: false,
  auth_tokens: []
}

const table = {
  id: "5c1d0f2e-7a68-4e0e-9e56-0f1a2b3c4d55",
  name: "stations",
  geometry_types: ["ST_Point"],
  synchronization: null,
  size: 81920,
  row_count: 340
}

/** An element of a list, for its owner, with all flags on. */
export const listed = {
  ...both,
  tags: [],
  description: "",
  privacy: "LINK",
  created_at: "2019-04-02T09:31:10.442Z",
  updated_at: "2019-04-02T09:31:12.107Z",
  license: "",
  url: "https://acme.example.test/u/alice/tables/stations",
  version: 2,
  liked: false,
  permission,
  stats: { "2019-03-04": 0, "2019-03-05": 17 },
  table: { ...table, privacy: "PUBLIC", updated_at: "2019-04-02T09:31:12.107Z", permission }
}

/** A single read, for its owner. */
export const detail = {
  ...both,
  tags: ["transport"],
  description: null,
  privacy: "PRIVATE",
  created_at: "2019-04-02 09:31:10 UTC",
  updated_at: "2019-04-02 09:31:12 UTC",
  license: null,
  url: "https://alice.example.test/tables/stations",
  version: 2,
  related_tables: [],
  permission: { ...permission, acl: [], created_at: "2019-04-02 09:31:10 UTC", updated_at: "2019-04-02 09:31:10 UTC" },
  stats: {},
  table: { ...table, privacy: "PRIVATE", updated_at: "2019-04-02 09:31:12 UTC" }
}

/** An element of a list, for a wrong key. */
export const publicListed = {
  id: "3f0c2f5e-2b1c-4c53-8b0e-62c3f0f9a112",
  name: "cities",
  display_name: null,
  attributions: null,
  source: null,
  license: null,
  type: "table",
  tags: [],
  description: null,
  created_at: "2018-01-05T10:00:00.000Z",
  updated_at: "2018-01-05T10:00:01.000Z",
  title: null,
  kind: "geom",
  privacy: "PUBLIC",
  liked: false,
  permission: { id: "9a1d2c3b-0000-4000-8000-000000000003", owner: publicOwner },
  stats: {},
  auth_tokens: [],
  table: {
    id: "71d1e2f3-1111-4222-8333-94c5d6e7f889",
    name: '"public".cities',
    geometry_types: ["ST_Point"],
    privacy: "PUBLIC",
    updated_at: "2018-01-05T10:00:01.000Z",
    size: 16384,
    row_count: 50,
    permission: { id: "9a1d2c3b-0000-4000-8000-000000000003", owner: publicOwner }
  }
}

export const map = {
  ...detail,
  id: "aa6b2f5e-2b1c-4c53-8b0e-62c3f0f9a113",
  name: "Stations map",
  type: "derived",
  url: "https://alice.example.test/builder/aa6b2f5e-2b1c-4c53-8b0e-62c3f0f9a113",
  version: 3,
  related_tables: [detail.table],
  table: {}
}

const summary = {
  id: map.id,
  name: map.name,
  updated_at: "2019-05-01T00:00:00.000Z",
  permission: { id: "bbd1e2f3-1111-4222-8333-94c5d6e7f888", owner },
  auth_tokens: []
}

export const tableDetail = {
  id: table.id,
  name: "stations",
  privacy: "LINK",
  schema: [
    ["cartodb_id", "number"],
    ["name", "string"],
    ["opened", "date"],
    ["active", "boolean"],
    ["the_geom", "geometry", "geometry", "point"]
  ],
  updated_at: "2019-04-02T09:31:12.107Z",
  rows_counted: 340,
  table_size: 81920,
  map_id: both.map_id,
  description: null,
  geometry_types: ["ST_Point"],
  table_visualization: detail,
  dependent_visualizations: [summary],
  non_dependent_visualizations: [],
  synchronization: null
}

export const synchronization = {
  id: "6e0b2f5e-2b1c-4c53-8b0e-62c3f0f9a114",
  name: "stations",
  interval: 3600,
  url: "https://example.test/stations.csv",
  state: "success",
  user_id: owner.id,
  created_at: "2016-09-07T16:53:24.123+00:00",
  updated_at: "2016-05-05T09:36:09+00:00",
  run_at: "2018-11-05T13:29:52.197Z",
  ran_at: "2018-02-08 14:24:41 +0000",
  modified_at: null,
  etag: null,
  checksum: "",
  log_id: null,
  error_code: null,
  error_message: null,
  retried_times: 0,
  service_name: null,
  service_item_id: null,
  type_guessing: true,
  quoted_fields_guessing: true,
  content_guessing: false,
  visualization_id: detail.id,
  from_external_source: false
}

/** The result of `v4/datasets` (§13). */
export const accessible = [
  {
    table_schema: "public",
    name: "stations",
    mode: "rw",
    cartodbfied: true,
    shared: false,
    privacy: "private",
    updated_at: "2019-04-02T09:31:12.000Z"
  },
  {
    table_schema: "public",
    name: "my_view",
    mode: "r",
    cartodbfied: false,
    shared: false,
    privacy: null,
    updated_at: null
  }
]
