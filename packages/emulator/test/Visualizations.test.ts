import { assert, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { Emulator } from "../src/Emulator.ts"
import * as PgliteDatabase from "../src/PgliteDatabase.ts"
import { ask, type Call, get, makeDataset, makeMap, refusal, sql } from "./account.ts"
import { json, send } from "./http.ts"

/** The names in a list. */
const names = (query: Record<string, string>, key?: string) =>
  Effect.map(get("viz", { query, ...(key === undefined ? {} : { key }) }), ({ visualizations }) =>
    visualizations.map(({ name }: { readonly name: string }) => name)
  )

const put = (id: string, body: object, call: Call = {}) => ask("PUT", `viz/${id}`, { ...call, body: { id, ...body } })

const isListed = { types: "table", per_page: "100", order: "name", order_direction: "asc" }

const layer = Emulator.layer().pipe(Layer.provide(PgliteDatabase.layer()))

it.layer(layer, { timeout: "3 minutes" })("Visualizations", (it) => {
  it.effect("the list shows everything and writes instants with a Z, the detail little and without milliseconds", () =>
    Effect.gen(function* () {
      const detail = yield* makeDataset("stations", 3)
      const { visualizations } = yield* get("viz", { query: { types: "table", q: "stations" } })
      const [listed] = visualizations
      assert.deepStrictEqual(
        [listed.id, listed.table.id, listed.permission.id === listed.table.permission.id],
        [detail.id, detail.table.id, true]
      )
      assert.match(listed.created_at, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
      assert.match(detail.created_at, /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC$/)
      assert.match(detail.table.updated_at, / UTC$/)
      assert.strictEqual(Object.keys(listed.stats).length, 30)
      assert.deepStrictEqual([detail.stats, detail.auth_tokens, listed.auth_tokens.length], [{}, [], 1])
      assert.deepStrictEqual(
        [listed.liked, listed.permission.acl, "related_tables" in listed, "liked" in detail, "permission" in detail],
        [false, [], false, false, false]
      )
      assert.deepStrictEqual([detail.related_tables, detail.synchronization, detail.external_source], [[], null, {}])
      assert.deepInclude(listed.table, { name: "stations", geometry_types: ["ST_Point"], privacy: "PRIVATE" })
      assert.deepInclude(listed.table, { row_count: 3, synchronization: null })
      assert.isAbove(listed.table.size, 0)
    })
  )

  it.effect("flags switch members of the list off and of the detail on", () =>
    Effect.gen(function* () {
      const { id } = yield* makeDataset("flags")
      const off = ["stats", "table", "liked", "permission", "synchronization", "uses_builder_features", "auth_tokens"]
      const query = Object.fromEntries(off.map((name) => [`show_${name}`, "false"]))
      const [bare] = (yield* get("viz", { query: { types: "table", q: "flags", ...query } })).visualizations
      for (const name of ["table", "liked", "permission", "synchronization", "uses_builder_features"]) {
        assert.notProperty(bare, name)
      }
      assert.deepStrictEqual([bare.stats, bare.auth_tokens], [{}, []])
      const small = { types: "table", q: "flags", show_table_size_and_row_count: "false", show_permission: "0" }
      const [unsized] = (yield* get("viz", { query: small })).visualizations
      assert.deepStrictEqual(["size" in unsized.table, "permission" in unsized], [false, true])
      const flags = { show_stats: "true", show_liked: "true", show_permission: "true", show_auth_tokens: "true" }
      const shown = yield* get(`viz/${id}`, { query: { ...flags, fetch_user: "true" } })
      assert.strictEqual(Object.keys(shown.stats).length, 30)
      assert.deepStrictEqual([shown.liked, shown.auth_tokens.length, shown.user.username], [false, 1, "alice"])
      assert.deepStrictEqual(shown.permission.entity, { id, type: "vis" })
      assert.match(shown.permission.created_at, / UTC$/)
    })
  )

  it.effect("without the master key only what is public is listed, in the short form and without totals", () =>
    Effect.gen(function* () {
      const { id } = yield* makeDataset("seen_by_all")
      const link = yield* makeDataset("seen_by_link")
      yield* put(id, { privacy: "public" })
      yield* put(link.id, { privacy: "LINK" })
      yield* makeDataset("seen_by_nobody")
      const { addKey } = yield* Emulator
      yield* addKey({ name: "reader" })
      for (const key of ["", "WRONG", "local-reader-key"]) {
        const answer = yield* get("viz", { query: { types: "table" }, key })
        assert.deepStrictEqual(Object.keys(answer).toSorted(), ["total_entries", "visualizations"])
        assert.strictEqual(answer.total_entries, 1)
        const [stranger] = answer.visualizations
        assert.deepStrictEqual([stranger.id, stranger.table.name], [id, '"public".seen_by_all'])
        for (const name of ["map_id", "url", "external_source", "synchronization"]) assert.notProperty(stranger, name)
        assert.deepStrictEqual(Object.keys(stranger.permission), ["id", "owner"])
        assert.notProperty(stranger.permission.owner, "email")
        assert.notProperty(stranger.table, "synchronization")
        assert.deepStrictEqual([stranger.stats !== null, stranger.liked], [true, false])
      }
      // The parameter is for the owner alone.
      assert.deepStrictEqual(yield* names({ types: "table", privacy: "private" }, "WRONG"), ["seen_by_all"])
      assert.strictEqual((yield* ask("GET", `viz/${link.id}`, { key: "" })).status, 200)
      assert.deepStrictEqual(refusal(yield* ask("GET", "viz/seen_by_nobody", { key: "WRONG" })), [
        403,
        { errors: "Visualization not viewable", errors_cause: null }
      ])
    })
  )

  it.effect("privacy is a right of the public key, and LINK is public for the table", () =>
    Effect.gen(function* () {
      const { id } = yield* makeDataset("grants", 1)
      const read = Effect.map(ask("POST", "v2/sql", { body: { q: "select * from grants" }, key: "" }), (r) => r.status)
      assert.strictEqual(yield* read, 403)
      const linked = json(yield* put(id, { privacy: "Link" }))
      assert.deepStrictEqual([linked.privacy, linked.table.privacy, yield* read], ["LINK", "PUBLIC", 200])
      yield* put(id, { privacy: "PRIVATE" })
      assert.strictEqual(yield* read, 403)
      for (const privacy of ["PASSWORD", "secret"]) {
        assert.strictEqual((yield* put(id, { privacy, password: "x" })).status, 400)
      }
    })
  )

  it.effect("pages end with an empty one, and totals tell all of the type", () =>
    Effect.gen(function* () {
      yield* Effect.forEach(["page_a", "page_b", "page_c"], (name) => makeDataset(name))
      const page = (page: number) =>
        get("viz", { query: { types: "table", q: "page_", per_page: "2", page: `${page}` } })
      const pages = [yield* page(1), yield* page(2), yield* page(3)]
      assert.deepStrictEqual(
        pages.map(({ visualizations }) => visualizations.map(({ name }: { name: string }) => name)),
        [["page_c", "page_b"], ["page_a"], []]
      )
      for (const { total_entries, total_user_entries } of pages) {
        assert.strictEqual(total_entries, 3)
        assert.isAbove(total_user_entries, 3)
      }
      const bare = yield* get("viz", { query: { types: "table", load_totals: "false", load_do_totals: "true" } })
      assert.notProperty(bare, "total_user_entries")
      assert.deepStrictEqual([bare.total_subscriptions, bare.total_samples], [0, 0])
    })
  )

  it.effect("a dataset that is dropped between two pages moves the others up", () =>
    Effect.gen(function* () {
      yield* Effect.forEach(["moved_a", "moved_b", "moved_c"], (name) => makeDataset(name))
      const page = (page: number) => names({ types: "table", q: "moved_", per_page: "1", page: `${page}` })
      assert.deepStrictEqual(yield* page(1), ["moved_c"])
      yield* sql("drop table moved_c")
      assert.deepStrictEqual(yield* page(2), ["moved_a"])
    })
  )

  it.effect("a table that SQL made may be missing in the first answer", () =>
    Effect.gen(function* () {
      const { catalog } = yield* Emulator
      yield* catalog.setLinking("after")
      yield* sql("create table ghost (a int); select cdb_cartodbfytable('ghost')")
      const ghosts = names({ types: "table", q: "ghost" })
      assert.deepStrictEqual([yield* ghosts, yield* ghosts], [[], ["ghost"]])
      yield* sql("drop table ghost")
      assert.deepStrictEqual([yield* ghosts, yield* ghosts], [["ghost"], []])
      yield* catalog.setLinking("before")
    })
  )

  it.effect("lists come in every order", () =>
    Effect.gen(function* () {
      const small = yield* makeDataset("order_a", 1)
      yield* makeDataset("order_c", 5000)
      yield* makeDataset("order_b", 10)
      yield* makeMap("order_b")
      yield* put(small.id, { privacy: "PUBLIC" })
      yield* ask("POST", `viz/${small.id}/like`)
      const ordered = (order: string, order_direction: string) =>
        names({ types: "table", q: "order", order, order_direction })
      // A search ranks first; equal ranks keep the order that was asked for.
      assert.deepStrictEqual(yield* ordered("name", "asc"), ["order_a", "order_b", "order_c"])
      assert.deepStrictEqual(yield* ordered("size", "desc"), ["order_c", "order_b", "order_a"])
      assert.deepStrictEqual(yield* ordered("estimated_row_count", "asc"), ["order_a", "order_b", "order_c"])
      assert.deepStrictEqual((yield* ordered("favorited", "desc"))[0], "order_a")
      assert.deepStrictEqual((yield* ordered("dependent_visualizations", "desc"))[0], "order_b")
      assert.deepStrictEqual(yield* ordered("privacy,name", "desc,asc"), ["order_a", "order_b", "order_c"])
      assert.deepStrictEqual(yield* ordered("mapviews", "asc"), ["order_a", "order_c", "order_b"])
    })
  )

  it.effect("filters", () =>
    Effect.gen(function* () {
      const east = yield* makeDataset("filter_east", 3)
      const west = yield* makeDataset("filter_west")
      yield* sql("insert into filter_west (the_geom) values (ST_SetSRID(ST_MakePoint(-100, 40), 4326))")
      yield* put(east.id, { tags: ["Transport", "a,b"], description: "Where the *sun* rises", locked: true })
      yield* put(west.id, { display_name: "Sunset", privacy: "LINK" })
      const filtered = (query: Record<string, string>) => names({ ...isListed, ...query })
      assert.deepStrictEqual(yield* filtered({ tags: "none,Transport" }), ["filter_east"])
      assert.deepStrictEqual(yield* filtered({ q: "rises sun" }), ["filter_east"])
      assert.deepStrictEqual(yield* filtered({ q: "UNSE" }), ["filter_west"])
      assert.deepStrictEqual(yield* filtered({ q: "ter_%" }), [])
      assert.deepStrictEqual(yield* filtered({ locked: "true" }), ["filter_east"])
      assert.include(yield* filtered({ locked: "false" }), "filter_west")
      assert.deepStrictEqual(yield* filtered({ only_with_display_name: "true" }), ["filter_west"])
      assert.include(yield* filtered({ privacy: "link" }), "filter_west")
      assert.notInclude(yield* filtered({ privacy: "link" }), "filter_east")
      assert.deepStrictEqual(yield* filtered({ bbox: "-110,30,-90,50" }), ["filter_west"])
      assert.deepStrictEqual(yield* filtered({ only_liked: "true", q: "filter" }), [])
      for (const foreign of [{ shared: "only" }, { only_shared: "true" }, { sample: "true" }]) {
        assert.deepStrictEqual(yield* filtered(foreign), [])
      }
      assert.include(yield* filtered({ exclude_shared: "true" }), "filter_east")
      assert.include(yield* names({ type: "table", per_page: "100", client: "x" }), "filter_east")
    })
  )

  it.effect("wrong parameters of the list are refused with a text", () =>
    Effect.gen(function* () {
      const cases: ReadonlyArray<readonly [Record<string, string>, RegExp]> = [
        [{ order: "foo" }, /^Wrong 'order' parameter value\. Valid values are one of \[:name, :updated_at, /],
        [{ order: "name,size" }, /^Wrong 'order' parameter value/],
        [{ order: "name", order_direction: "up" }, /^Wrong 'order_direction'/],
        [{ page: "0" }, /^Wrong 'page'/],
        [{ per_page: "many" }, /^Wrong 'per_page'/],
        [{ types: "table,shape" }, /^Wrong 'types'/],
        // Upper case is only for answers.
        [{ privacy: "PUBLIC" }, /^Wrong 'privacy'/],
        [{ bbox: "0,0,1,1" }, /^Filter by bbox is only supported for type table$/],
        [{ bbox: "0,0,1", types: "table" }, /^Wrong 'bbox'/]
      ]
      for (const [query, text] of cases) {
        const response = yield* ask("GET", "viz", { query })
        assert.strictEqual(response.status, 400)
        assert.match(json(response).error, text)
      }
      const callback = yield* ask("GET", "viz", { query: { callback: "a b" } })
      assert.deepStrictEqual(refusal(callback), [400, { errors: { callback: "Invalid callback format" } }])
      assert.match(
        (yield* ask("GET", "viz", { query: { callback: "jq.f" } })).text,
        /^\/\*\*\/jq\.f\(\{"visualizations"/
      )
    })
  )

  it.effect("names, schemas and ids lead to a dataset, which wins over a map of the same name", () =>
    Effect.gen(function* () {
      const { id } = yield* makeDataset("twice")
      const map = json(
        yield* ask("POST", "viz", { body: { tables: ["twice"], name: "twice", tags: ["x"], description: "a map" } })
      )
      assert.deepInclude(map, { name: "twice", type: "derived", tags: ["x"], description: "a map", table: {} })
      for (const path of ["twice", "public.twice", '"public".twice', '"public"."twice"', id, id.toUpperCase()]) {
        assert.strictEqual((yield* get(`viz/${encodeURIComponent(path)}`)).id, id)
      }
      assert.strictEqual((yield* get(`viz/${map.id}`)).name, "twice")
      for (const path of ["nothing", "other.twice", "d2b5f1a0-0000-4000-8000-000000000000"]) {
        assert.deepStrictEqual(refusal(yield* ask("GET", `viz/${path}`)), [
          404,
          { errors: "Visualization does not exist", errors_cause: null }
        ])
      }
    })
  )

  it.effect("maps are made over datasets, from others, and bare", () =>
    Effect.gen(function* () {
      const a = yield* makeDataset("made_a")
      const b = yield* makeDataset("made_b")
      yield* put(a.id, { privacy: "PUBLIC" })
      const over = yield* makeMap("made_a", "public.made_b")
      assert.deepStrictEqual([over.privacy, over.version, over.permission.acl], ["PRIVATE", 3, []])
      assert.deepStrictEqual(
        over.related_tables.map(({ name }: { name: string }) => name),
        ["made_a", "made_b"]
      )
      assert.match(over.created_at, /Z$/)
      assert.strictEqual((yield* makeMap(a.table.id)).privacy, "PUBLIC")
      const made = (body: object) => ask("POST", "viz", { body })
      assert.deepInclude(json(yield* made({ source_visualization_id: over.id })), { name: `${over.name} copy` })
      const ofDataset = json(yield* made({ source_visualization_id: b.id, name: "Of B" }))
      assert.deepStrictEqual([ofDataset.name, ofDataset.related_tables[0].name], ["Of B", "made_b"])
      assert.strictEqual(json(yield* made({ source_visualization_id: b.id, name: "Of B" })).name, "Of B 1")
      const bare = json(yield* made({ type: "derived", name: "Bare", privacy: "password", password: "secret" }))
      assert.deepStrictEqual([bare.privacy, bare.related_tables], ["PASSWORD", []])
      assert.deepStrictEqual(refusal(yield* made({ tables: ["missing"] })), [400, { errors: null }])
      assert.deepStrictEqual(refusal(yield* made({ name: "x" })), [
        400,
        { errors: ["privacy can't be blank", "type can't be blank"] }
      ])
      assert.deepStrictEqual(refusal(yield* made({ source_visualization_id: "nothing" })), [403, " "])
      const { url, user } = yield* Emulator
      const form = yield* send(`${url}/api/v1/viz?api_key=local-master-key&x=${user}`, { method: "POST", body: "a=b" })
      assert.strictEqual(form.status, 500)
    })
  )

  it.effect("a password opens a map to strangers", () =>
    Effect.gen(function* () {
      const { id } = json(yield* ask("POST", "viz", { body: { type: "derived", name: "Locked", privacy: "PUBLIC" } }))
      assert.deepStrictEqual(refusal(yield* put(id, { privacy: "PASSWORD" })), [
        400,
        { errors: ["Password required for protected visualization"] }
      ])
      assert.strictEqual(json(yield* put(id, { privacy: "PASSWORD", password: "sesame" })).privacy, "PASSWORD")
      const open = (query: Record<string, string>) => ask("GET", `viz/${id}`, { key: "", query })
      const asked = {
        errors: "Visualization not viewable",
        errors_cause: "privacy_password",
        visualization: { privacy: "password", user: { google_maps_query_string: null } }
      }
      assert.deepStrictEqual(refusal(yield* open({})), [403, asked])
      assert.deepStrictEqual(refusal(yield* open({ password: "simsalabim" })), [403, asked])
      assert.strictEqual(json(yield* open({ password: "sesame" })).name, "Locked")
      assert.notInclude(yield* names({ per_page: "100" }, ""), "Locked")
      assert.strictEqual((yield* get(`viz/${id}`)).privacy, "PASSWORD")
    })
  )

  it.effect("an update changes what is sent, and nothing without the id in its body", () =>
    Effect.gen(function* () {
      const made = yield* makeDataset("updated")
      const { id } = made
      assert.deepStrictEqual(refusal(yield* ask("PUT", `viz/${id}`, { body: { description: "x" } })), [403, " "])
      assert.strictEqual((yield* ask("PUT", `viz/${id}`, { body: { id: made.table.id } })).status, 403)
      const description = "first"
      const changed = json(
        yield* put(id, { description, attributions: "me", transition_options: { a: 1 }, unknown: 1 })
      )
      assert.deepInclude(changed, { description, attributions: "me", tags: [], updated_at: changed.updated_at })
      assert.deepStrictEqual(changed.transition_options, { a: 1 })
      assert.deepInclude(json(yield* put(id, { tags: ["x"] })), { description, tags: ["x"] })
      assert.strictEqual(json(yield* put(id, { description: null })).description, null)
      const early = "2001-02-03T04:05:06.000Z"
      assert.strictEqual(json(yield* put(id, { updated_at: early })).updated_at, early)
      // What carto-python does: everything goes back, the nested objects and the instants of the detail included.
      assert.strictEqual((yield* ask("PUT", `viz/${id}`, { body: yield* get(`viz/${id}`) })).status, 200)
      for (const wrong of [{ tags: "x" }, { locked: "yes" }, { updated_at: "soon" }, { active_layer_id: "x" }]) {
        assert.deepStrictEqual(refusal(yield* put(id, wrong)), [400, { errors: ["Error updating"] }])
      }
      const unknown = "d2b5f1a0-0000-4000-8000-000000000000"
      assert.deepStrictEqual(refusal(yield* put(unknown, {})), [
        404,
        { errors: "Visualization does not exist", errors_cause: null }
      ])
      assert.deepStrictEqual(refusal(yield* put(id, {}, { key: "WRONG" })), [401, " "])
    })
  )

  it.effect("a rename makes the name valid and unique, and is taken back when PostgreSQL refuses it", () =>
    Effect.gen(function* () {
      const { id } = yield* makeDataset("old_name")
      yield* makeDataset("taken")
      yield* sql("create view viewed as select 1 as a")
      const rename = (name: string) =>
        Effect.map(put(id, { name }), (response) => [response.status, json(response).name])
      assert.deepStrictEqual(yield* rename("New Name!"), [200, "new_name_"])
      assert.deepStrictEqual(yield* sql("select count(*)::int as n from new_name_"), [{ n: 0 }])
      assert.deepStrictEqual(yield* rename("taken"), [200, "taken_1"])
      assert.deepStrictEqual(yield* rename("viewed"), [200, "taken_1"])
      assert.strictEqual((yield* get(`viz/${id}`)).table.name, "taken_1")
    })
  )

  it.effect("plans refuse privacies", () =>
    Effect.gen(function* () {
      const { plan } = yield* Emulator
      const { id } = yield* makeDataset("planned")
      const map = yield* makeMap("planned")
      const before = yield* plan.get
      const set = (id: string, privacy: string) => Effect.map(put(id, { privacy }), refusal)
      yield* plan.set({ publicDatasetQuota: 0 })
      assert.deepStrictEqual(yield* set(id, "PUBLIC"), [403, { errors: ["Privacy over account public dataset quota"] }])
      yield* plan.set({ ...before, publicMapQuota: 0, privateMapQuota: 1000 })
      assert.deepStrictEqual(yield* set(map.id, "LINK"), [403, { errors: ["Privacy over account public map quota"] }])
      yield* plan.set(before)
      yield* put(id, { privacy: "PUBLIC" })
      yield* put(map.id, { privacy: "PUBLIC" })
      yield* plan.set({ privateTables: false, privateMapQuota: 0 })
      assert.deepStrictEqual(yield* set(id, "PRIVATE"), [403, { errors: ["Privacy cannot be set to private"] }])
      assert.deepStrictEqual(yield* set(map.id, "PRIVATE"), [
        403,
        { errors: ["Privacy over account private map quota"] }
      ])
      yield* plan.set({ ...before, viewer: true })
      assert.deepStrictEqual(refusal(yield* ask("POST", "viz", { body: { tables: ["planned"] } })), [403, " "])
      assert.deepStrictEqual(refusal(yield* put(id, { description: "x" })), [403, " "])
      assert.deepStrictEqual(refusal(yield* ask("DELETE", `viz/${id}`)), [
        403,
        { errors: "Visualization not editable", errors_cause: null }
      ])
      yield* plan.set(before)
    })
  )

  it.effect("dependent maps are told, and go with the dataset when they show nothing else", () =>
    Effect.gen(function* () {
      const a = yield* makeDataset("needed")
      yield* makeDataset("needed_not")
      const only = yield* makeMap("needed")
      const both = yield* makeMap("needed", "needed_not")
      const query = { with_dependent_visualizations: "1" }
      const told = yield* get(`viz/${a.id}`, { query })
      assert.strictEqual(told.dependent_visualizations_count, 2)
      const [newest] = told.dependent_visualizations
      assert.deepStrictEqual([newest.id, Object.keys(newest.permission)], [both.id, ["id", "owner"]])
      const listed = (yield* get("viz", { query: { ...query, types: "table", q: "needed", order: "name" } }))
        .visualizations
      assert.deepStrictEqual(
        listed.map((one: { dependent_visualizations_count: number }) => one.dependent_visualizations_count),
        [1, 2]
      )
      const related = yield* get(`viz/${both.id}`, { query: { fetch_related_canonical_visualizations: "true" } })
      assert.strictEqual(related.related_canonical_visualizations_count, 2)

      assert.strictEqual((yield* ask("DELETE", `viz/${a.id}`)).status, 204)
      assert.strictEqual((yield* ask("DELETE", `viz/${a.id}`)).status, 404)
      assert.strictEqual((yield* ask("GET", `viz/${only.id}`)).status, 404)
      assert.deepStrictEqual(
        (yield* get(`viz/${both.id}`)).related_tables.map(({ name }: { name: string }) => name),
        ["needed_not"]
      )
      assert.deepStrictEqual(yield* sql("select to_regclass('needed') as it"), [{ it: null }])
    })
  )

  it.effect("a table that a view needs stays", () =>
    Effect.gen(function* () {
      const { id } = yield* makeDataset("based_on")
      yield* sql("create view basing as select * from based_on")
      const refused = yield* ask("DELETE", `viz/${id}`)
      assert.strictEqual(refused.status, 400)
      assert.match(json(refused).errors[0], /^cannot drop table based_on because other objects depend on it/)
      assert.strictEqual((yield* ask("DELETE", `viz/${id}`, { key: "" })).status, 401)
      assert.strictEqual((yield* get("viz/based_on")).id, id)
    })
  )

  it.effect("a map over a private dataset is private for outsiders in effect", () =>
    Effect.gen(function* () {
      const { id } = yield* makeDataset("hidden_below")
      yield* put(id, { privacy: "PUBLIC" })
      const map = yield* makeMap("hidden_below")
      assert.strictEqual((yield* ask("GET", `viz/${map.id}`, { key: "" })).status, 200)
      yield* put(id, { privacy: "PRIVATE" })
      assert.strictEqual((yield* ask("GET", `viz/${map.id}`, { key: "" })).status, 403)
      assert.notInclude(yield* names({ per_page: "100" }, ""), map.name)
      assert.strictEqual((yield* get(`viz/${map.id}`)).privacy, "PUBLIC")
    })
  )

  it.effect("a thing is liked once", () =>
    Effect.gen(function* () {
      const { id } = yield* makeDataset("liked")
      assert.deepStrictEqual(refusal(yield* ask("POST", `viz/${id}/like`)), [200, { id, liked: true }])
      const again = yield* ask("POST", `viz/${id}/like`)
      assert.deepStrictEqual([again.status, Object.keys(json(again))], [400, ["text"]])
      assert.strictEqual((yield* get("viz", { query: { types: "table" } })).total_likes, 2)
      assert.deepStrictEqual(refusal(yield* ask("DELETE", `viz/${id}/like`)), [200, { id, liked: false }])
      assert.strictEqual((yield* ask("POST", `viz/${id}/like`, { key: "" })).status, 403)
    })
  )
})
