import { NodeFileSystem, NodeHttpClient } from "@effect/platform-node"
import { assert, describe, it, type Vitest } from "@effect/vitest"
import {
  ApiKeyGrants,
  ApiKeys,
  Carto,
  CartoError,
  Datasets,
  ImportSource,
  Imports,
  Kuviz,
  MapConfig,
  MapLayer,
  Maps,
  MapTemplate,
  NamedMaps,
  Permissions,
  Sql,
  SqlJobs,
  Users,
  VisualizationExports,
  Visualizations
} from "@effect-carto/core"
import { Effect, FileSystem, Layer, Redacted, Stream } from "effect"
import { Emulator, localPassword } from "../../src/Emulator.ts"
import * as PgliteDatabase from "../../src/PgliteDatabase.ts"
import { basic, json, send } from "../http.ts"
import * as PostgresServer from "../PostgresServer.ts"
import { connected } from "./layer.ts"

const emulator = Emulator.layer({ organization: { name: "acme" } })

const reasonOf = <A, E, R>(effect: Effect.Effect<A, E, R>) =>
  Effect.map(Effect.flip(effect), (error) => {
    assert.instanceOf(error, CartoError)
    return error.reason
  })

/** Runs with a client at a member's address. */
const as =
  (username: string, apiKey: Redacted.Redacted) =>
  <A, E>(effect: Effect.Effect<A, E, Carto.CartoServices>) =>
    Effect.flatMap(Emulator, ({ origin }) =>
      Effect.provide(
        effect,
        Carto.layer({ url: `${origin}/u/${username}`, apiKey, retries: 0 }).pipe(
          Layer.provide(NodeHttpClient.layerUndici)
        )
      )
    )

const password = Redacted.make("correct horse")

/** A new member, and how to be that member. */
const member = Effect.fnUntraced(function* (username: string, more: { readonly quota_in_bytes?: number } = {}) {
  const users = yield* Users
  const made = yield* users.create({ username, email: `${username}@example.test`, password, ...more })
  const key = made.api_key ?? Redacted.make("")
  const organization = yield* users.organization
  const permissions = yield* Permissions
  const found = yield* Stream.runCollect(permissions.grantables(organization?.id ?? "", { search: username }))
  const grantee = { type: "user", id: found.find(({ name }) => name === username)?.id ?? "" } as const
  return { key, grantee, organizationId: organization?.id ?? "", be: as(username, key) }
})

/** What core has no call for. */
const ask = Effect.fnUntraced(function* (method: string, path: string, body?: unknown, key?: Redacted.Redacted) {
  const { masterKey, url, user } = yield* Emulator
  const text = body === undefined ? "" : JSON.stringify(body)
  const answer = yield* send(`${url}/api/${path}`, {
    method,
    // Node frames the body of a DELETE by this header only.
    headers: {
      ...basic(user, Redacted.value(key ?? masterKey)),
      "content-type": "application/json",
      "content-length": String(Buffer.byteLength(text))
    },
    body: text
  })
  return { status: answer.status, body: answer.text.trim() === "" ? undefined : json(answer) }
})

const run = (statement: string) => Effect.flatMap(Sql, (sql) => sql.execute(sql.unsafe(statement)))
const rows = (statement: string) =>
  Effect.map(
    Effect.flatMap(Sql, (sql) => sql.query()(sql.unsafe(statement))),
    ({ rows }) => rows
  )
const names = Effect.flatMap(Datasets, (datasets) =>
  Effect.map(Stream.runCollect(datasets.list()), (found) => found.map(({ name }) => name).toSorted())
)

const facts = (it: Vitest.MethodsNonLive<Carto.CartoServices | Emulator>) => {
  it.effect("a member logs in at an address of its own, and works in a schema of its own", () =>
    Effect.gen(function* () {
      const { be } = yield* member("bob", { quota_in_bytes: 500_000 })
      const me = yield* be(Effect.flatMap(Users, (users) => users.me))
      assert.deepStrictEqual(
        [me.username, me.organization?.name, me.organization?.owner?.username],
        ["bob", "acme", "alice"]
      )
      const account = yield* be(Effect.flatMap(Users, (users) => users.account))
      assert.deepStrictEqual(
        [account.username, account.email, account.quota_in_bytes],
        ["bob", "bob@example.test", 500_000]
      )

      yield* be(run("create table places (name text); insert into places values ('here')"))
      yield* be(Effect.flatMap(Datasets, (datasets) => datasets.cartodbfy("places")))
      assert.deepStrictEqual(
        yield* be(rows("select current_schema()::text as s, cdb_username() as u, name from places")),
        [{ s: "bob", u: "bob", name: "here" }]
      )
      assert.deepStrictEqual(yield* be(names), ["places"])
      assert.deepStrictEqual(yield* be(rows("select cdb_usertables() as t")), [{ t: "places" }])
      const described = yield* be(Effect.flatMap(Datasets, (datasets) => datasets.describe("places")))
      assert.include(
        described.columns.map(({ name }) => name),
        "cartodb_id"
      )
      const storage = yield* be(Effect.flatMap(Users, (users) => users.storage))
      assert.isTrue(storage.used > 0 && storage.quota === 500_000)

      // Nobody else's: neither in the list nor by SQL.
      assert.notInclude(yield* names, "places")
      assert.include((yield* reasonOf(rows("select * from bob.places"))).message, "permission denied")
      yield* run("create table mine (a int)")
      assert.include((yield* be(reasonOf(rows("select * from public.mine")))).message, "permission denied")
      assert.include((yield* be(reasonOf(run("create table public.intruder (a int)")))).message, "permission denied")
      assert.match((yield* be(reasonOf(run("reset role; drop table public.mine")))).message, /must be owner|cannot set/)

      const job = yield* be(
        Effect.flatMap(SqlJobs, (jobs) => jobs.run("create table by_job as select current_user::text as who, 1 as one"))
      )
      assert.strictEqual(job.status, "done")
      assert.deepStrictEqual(yield* be(rows("select one from bob.by_job")), [{ one: 1 }])

      const file = ImportSource.bytes("Zip.csv", Stream.make(new TextEncoder().encode("code,name\n1,one\n2,two\n")))
      yield* be(Effect.flatMap(Imports, (imports) => imports.run(file)))
      assert.deepStrictEqual(yield* be(rows("select count(*)::int4 as n from bob.zip")), [{ n: 2 }])
      assert.deepStrictEqual(yield* be(names), ["places", "zip"])

      const full = yield* be(
        reasonOf(
          run(`insert into places (name) select repeat(md5(i::text), 100) from generate_series(1, 2000) i;
               insert into places (name) values ('more')`)
        )
      )
      assert.include(full.message, "Quota exceeded")
    })
  )

  it.effect("what is shared with a group its members read and write, until they leave it", () =>
    Effect.gen(function* () {
      const carol = yield* member("carol")
      const permissions = yield* Permissions
      const datasets = yield* Datasets
      const groups = `v1/organization/${carol.organizationId}/groups`
      const { body: group } = yield* ask("POST", groups, { display_name: "Field Team" })
      assert.deepStrictEqual([group.name, group.display_name], ["Field_Team", "Field Team"])
      assert.strictEqual((yield* ask("POST", groups, { display_name: "field team" })).status, 200)
      assert.strictEqual((yield* ask("POST", groups, { display_name: "Field  Team" })).status, 409)
      assert.strictEqual((yield* ask("POST", groups, {})).status, 422)

      const team = yield* permissions.grantables(carol.organizationId, { search: "Field_Team" }).pipe(
        Stream.filter(({ name, type }) => type === "group" && name === "Field_Team"),
        Stream.runCollect
      )
      assert.deepStrictEqual(
        team.map(({ id }) => id),
        [group.id]
      )
      const grantee = { type: "group", id: group.id } as const

      yield* run("create table stations (name text); insert into stations values ('north')")
      yield* datasets.cartodbfy("stations")
      yield* permissions.share("stations", grantee, "r")
      const read = carol.be(rows("select name from public.stations order by 1"))
      const write = carol.be(run("insert into public.stations (name) values ('south')"))
      assert.include((yield* reasonOf(read)).message, "permission denied")

      const joined = yield* ask("POST", `${groups}/${group.id}/users`, { users: [carol.grantee.id] })
      assert.deepStrictEqual(
        joined.body.users.map(({ username }: { username: string }) => username),
        ["carol"]
      )
      assert.deepStrictEqual(yield* read, [{ name: "north" }])
      assert.include((yield* reasonOf(write)).message, "permission denied")
      assert.include(yield* carol.be(names), "stations")
      const seen = yield* carol.be(Effect.flatMap(Datasets, (datasets) => datasets.get("stations")))
      assert.strictEqual(seen.table?.name, `"public".stations`)
      assert.deepStrictEqual(
        (yield* carol.be(Effect.flatMap(Users, (users) => users.me))).groups?.map(({ name }) => name),
        ["Field_Team"]
      )

      yield* permissions.share("stations", grantee, "rw")
      yield* write
      assert.deepStrictEqual(yield* read, [{ name: "north" }, { name: "south" }])
      const acl = (yield* permissions.get("stations")).acl?.map(({ access, entity, type }) => [
        type,
        entity.name,
        access
      ])
      assert.deepStrictEqual(acl, [["group", "Field_Team", "rw"]])
      // Not the owner's rights: neither the table, nor whom it is shared with, nor the name.
      assert.include((yield* carol.be(reasonOf(run("drop table public.stations")))).message, "must be owner")
      const permission = yield* permissions.get("stations")
      const foreign = yield* carol.be(reasonOf(Effect.flatMap(Permissions, ({ set }) => set(permission.id, []))))
      assert.strictEqual(foreign.status, 401)
      const deletion = yield* carol.be(reasonOf(Effect.flatMap(Datasets, (datasets) => datasets.forceDelete(seen.id))))
      assert.strictEqual(deletion.status, 403)

      // Put in the place of the table, another keeps what is shared.
      yield* run(
        "create table stations_new as select name from stations; drop table stations; alter table stations_new rename to stations"
      )
      yield* datasets.cartodbfy("stations")
      yield* datasets.get("stations")
      assert.lengthOf(yield* read, 2)

      const renamed = yield* ask("PUT", `${groups}/${group.id}`, { display_name: "Surveyors" })
      assert.strictEqual(renamed.body.name, "Surveyors")
      assert.lengthOf(yield* read, 2)

      const left = yield* ask("DELETE", `${groups}/${group.id}/users/${carol.grantee.id}`)
      assert.deepStrictEqual(left.body.users, [])
      assert.include((yield* reasonOf(read)).message, "permission denied")
      assert.include((yield* reasonOf(write)).message, "permission denied")
      assert.notInclude(yield* carol.be(names), "stations")

      yield* ask("POST", `${groups}/${group.id}/users/${carol.grantee.id}`)
      assert.lengthOf(yield* read, 2)
      const told = (yield* ask("GET", `${groups}?fetch_users=true&fetch_shared_tables_count=true&q=surv`)).body
      assert.deepStrictEqual(
        told.groups.map((one: { name: string; shared_tables_count: number; users: ReadonlyArray<unknown> }) => [
          one.name,
          one.shared_tables_count,
          one.users.length
        ]),
        [["Surveyors", 1, 1]]
      )
      assert.strictEqual((yield* ask("DELETE", `${groups}/${group.id}`)).status, 204)
      assert.include((yield* reasonOf(read)).message, "permission denied")
      assert.deepStrictEqual((yield* permissions.get("stations")).acl, [])
      assert.strictEqual((yield* ask("GET", `${groups}/${group.id}`)).status, 404)
      assert.strictEqual((yield* ask("POST", `${groups}/${group.id}/users`, { users: [carol.grantee.id] })).status, 404)

      const other = (yield* ask("POST", groups, { display_name: "Others" })).body
      assert.strictEqual((yield* ask("POST", `${groups}/${other.id}/users`, { users: ["nobody"] })).status, 404)
      assert.strictEqual((yield* ask("POST", `${groups}/${other.id}/users`, {})).status, 422)
      const { origin } = yield* Emulator
      const forbidden = yield* send(
        `${origin}/u/carol/api/${groups}?api_key=${Redacted.value(carol.key)}&display_name=Mine`,
        { method: "POST" }
      )
      assert.strictEqual(forbidden.status, 401)
    })
  )

  it.effect("what is shared with a user and with everybody ends with the sharing, also for keys", () =>
    Effect.gen(function* () {
      const dora = yield* member("dora")
      const permissions = yield* Permissions
      yield* run("create table rivers (name text); insert into rivers values ('Elbe')")
      yield* Effect.flatMap(Datasets, (datasets) => datasets.cartodbfy("rivers"))
      const acme = { type: "org", id: dora.organizationId } as const
      const read = dora.be(rows("select name from public.rivers"))

      yield* permissions.share("rivers", acme, "r")
      assert.lengthOf(yield* read, 1)
      yield* permissions.revoke("rivers", acme)
      assert.include((yield* reasonOf(read)).message, "permission denied")

      yield* permissions.share("rivers", dora.grantee, "rw")
      const keys = yield* dora.be(ApiKeys)
      const grant = (
        ...access: readonly [ApiKeyGrants.TablePermission, ...ReadonlyArray<ApiKeyGrants.TablePermission>]
      ) => ApiKeyGrants.table("public.rivers", ...access)
      const reader = yield* keys.create("reader", [ApiKeyGrants.sql, grant("select", "insert")])
      const asReader = as("dora", reader.token)
      assert.lengthOf(yield* asReader(rows("select name from public.rivers")), 1)
      yield* asReader(run("insert into public.rivers (name) values ('Saale')"))

      yield* permissions.share("rivers", dora.grantee, "r")
      assert.lengthOf(yield* asReader(rows("select name from public.rivers")), 2)
      assert.include(
        (yield* reasonOf(asReader(run("insert into public.rivers (name) values ('Mulde')")))).message,
        "permission denied"
      )
      const more = yield* reasonOf(keys.create("writer", [ApiKeyGrants.sql, grant("insert")]))
      assert.include(more.message, "only grant table permissions you have")

      yield* permissions.revoke("rivers", dora.grantee)
      assert.include((yield* reasonOf(asReader(rows("select name from public.rivers")))).message, "permission denied")
      assert.include((yield* reasonOf(read)).message, "permission denied")
      const none = yield* reasonOf(keys.create("late", [ApiKeyGrants.sql, grant("select")]))
      assert.include(none.message, "only grant table permissions you have")

      // A map over a dataset of somebody else's.
      yield* permissions.share("rivers", dora.grantee, "r")
      const map = yield* dora.be(
        Effect.flatMap(Visualizations, (maps) => maps.create({ tables: ["public.rivers"], name: "Rivers" }))
      )
      assert.strictEqual(map.name, "Rivers")
    })
  )

  it.effect("keys of members are the administrators' to make and take", () =>
    Effect.gen(function* () {
      const { be, key } = yield* member("erin")
      const keys = yield* ApiKeys
      const owner = { user: "erin" }
      yield* be(run("create table sites (a int); insert into sites values (1)"))
      const made = yield* keys.create("app", [ApiKeyGrants.sql, ApiKeyGrants.table("sites", "select")], owner)
      assert.strictEqual(made.user?.username, "erin")
      const asApp = as("erin", made.token)
      assert.deepStrictEqual(yield* asApp(rows("select a from sites")), [{ a: 1 }])
      assert.include((yield* reasonOf(asApp(run("insert into sites values (2)")))).message, "permission denied")
      const listed = yield* Stream.runCollect(keys.list(owner))
      assert.deepStrictEqual(
        listed.map(({ name }) => name),
        ["Master", "Default public", "app"]
      )
      assert.strictEqual(Redacted.value((yield* keys.get("Master", owner)).token), Redacted.value(key))
      assert.strictEqual((yield* reasonOf(keys.get("app")))._tag, "NotFoundError")

      const fresh = yield* keys.regenerate("app", owner)
      assert.strictEqual((yield* reasonOf(asApp(rows("select a from sites"))))._tag, "AuthError")
      assert.lengthOf(yield* as("erin", fresh.token)(rows("select a from sites")), 1)
      yield* keys.delete("app", owner)
      assert.strictEqual((yield* reasonOf(as("erin", fresh.token)(rows("select 1"))))._tag, "AuthError")

      const master = yield* keys.regenerate("Master", owner)
      assert.strictEqual((yield* reasonOf(be(rows("select 1"))))._tag, "AuthError")
      const { api_key } = yield* Effect.flatMap(Users, (users) => users.get("erin"))
      assert.strictEqual(api_key && Redacted.value(api_key), Redacted.value(master.token))
      const asErin = as("erin", master.token)

      const refused = yield* asErin(
        reasonOf(Effect.flatMap(ApiKeys, (keys) => Stream.runCollect(keys.list({ user: "alice" }))))
      )
      assert.strictEqual(refused.status, 403)
      const unknown = yield* reasonOf(keys.get("Master", { user: "nobody" }))
      assert.include(unknown.message, "User 'nobody' not found in the organization 'acme'")
      // An administrator reaches even the owner's, and manages users.
      yield* Effect.flatMap(Users, (users) => users.update("erin", { org_admin: true }))
      const owners = yield* asErin(Effect.flatMap(ApiKeys, (keys) => Stream.runCollect(keys.list({ user: "alice" }))))
      assert.include(
        owners.map(({ name }) => name),
        "Master"
      )
      assert.include(
        (yield* asErin(Effect.flatMap(Users, (users) => users.listManaged()))).map(({ username }) => username),
        "erin"
      )
    })
  )

  it.effect("the profile, the address and the password are changed with the password", () =>
    Effect.gen(function* () {
      const users = yield* Users
      const changed = yield* users.updateMe(
        { name: "Alice", website: "https://example.test", email: "a@example.test" },
        localPassword
      )
      assert.deepStrictEqual(
        [changed.name, changed.website, changed.email],
        ["Alice", "https://example.test", "a@example.test"]
      )
      const account = yield* users.account
      assert.deepStrictEqual([account.name, account.email], ["Alice", "a@example.test"])
      assert.strictEqual((yield* users.me).first_name, "Alice")
      assert.isNull((yield* users.updateMe({ website: null }, localPassword)).website)
      assert.strictEqual((yield* users.account).name, "Alice")

      const wrong = yield* reasonOf(users.updateMe({ name: "Eve" }, Redacted.make("wrong")))
      assert.deepStrictEqual([wrong._tag, wrong.status], ["AuthError", 403])
      assert.include(wrong.message, "Error updating your account details")
      const bad = yield* reasonOf(
        users.updateMe({ email: "nobody", newPassword: Redacted.make("qwerty") }, localPassword)
      )
      assert.deepStrictEqual([bad._tag, bad.status], ["ValidationError", 400])
      assert.include(bad.message, "is not a valid address")
      assert.include(bad.message, "common password")
      assert.deepStrictEqual([(yield* users.account).name, (yield* users.account).email], ["Alice", "a@example.test"])

      const { be } = yield* member("frank")
      const own = be(Users)
      const next = Redacted.make("battery staple")
      yield* (yield* own).updateMe({ last_name: "Moss", newPassword: next }, password)
      assert.strictEqual((yield* reasonOf((yield* own).updateMe({ last_name: "Eve" }, password))).status, 403)
      assert.strictEqual((yield* (yield* own).updateMe({ job_role: "Surveyor" }, next)).last_name, "Moss")
      const managed = yield* users.get("frank")
      assert.deepStrictEqual([managed.last_name, managed.job_role], ["Moss", "Surveyor"])
      yield* users.update("frank", { password: Redacted.make("set by alice") })
      assert.strictEqual((yield* reasonOf((yield* own).updateMe({}, next))).status, 403)

      const taken = yield* reasonOf((yield* own).updateMe({ email: "a@example.test" }, Redacted.make("set by alice")))
      assert.include(taken.message, "is already taken")
    })
  )

  it.effect("pages, templates, maps and exports are the member's own, and end with the member", () =>
    Effect.gen(function* () {
      const template = (name: string) =>
        MapTemplate.make(
          "spots",
          MapConfig.make([MapLayer.mapnik(`select * from ${name}`, { cartocss: "#layer { marker-fill: red; }" })])
        )
      const make = run(`create table spots (name text); select cdb_cartodbfytable(current_schema(), 'spots');
        insert into spots (the_geom) values (cdb_latlng(1, 1))`)
      const ivy = yield* member("ivy")
      yield* ivy.be(make)
      yield* ivy.be(
        Effect.flatMap(Kuviz, (kuviz) =>
          kuviz.create("page", "<!DOCTYPE html><html><head><title>ivy</title></head><body>ivy</body></html>")
        )
      )
      yield* ivy.be(Effect.flatMap(NamedMaps, (maps) => maps.create(template("spots"))))
      const isEmpty = Effect.gen(function* () {
        const map = yield* Effect.flatMap(NamedMaps, (maps) => maps.instantiate("spots"))
        return (yield* Effect.flatMap(Maps, (maps) => maps.tile(map, { z: 0, x: 0, y: 0 }, { format: "mvt" }))).isEmpty
      })
      assert.isFalse(yield* ivy.be(isEmpty))
      const templates = Effect.flatMap(NamedMaps, ({ list }) => list)
      const pages = Effect.flatMap(Kuviz, (kuviz) =>
        Effect.map(Stream.runCollect(kuviz.list()), (found) => found.map(({ name }) => name))
      )
      assert.deepStrictEqual([yield* ivy.be(templates), yield* ivy.be(pages)], [["spots"], ["page"]])
      assert.deepStrictEqual([yield* templates, yield* pages], [[], []])
      // Of the same name, and not the same.
      yield* Effect.flatMap(NamedMaps, (maps) => maps.create(template("pg_class")))

      const { id } = yield* ivy.be(Effect.flatMap(Visualizations, (maps) => maps.create({ tables: ["spots"] })))
      const exported = yield* ivy.be(Effect.flatMap(VisualizationExports, (exports) => exports.run(id)))
      assert.strictEqual(exported.state, "complete")
      assert.strictEqual(
        (yield* reasonOf(Effect.flatMap(VisualizationExports, (exports) => exports.run(id))))._tag,
        "NotFoundError"
      )

      yield* Effect.flatMap(Users, (users) => users.delete("ivy"))
      const next = yield* member("ivy")
      assert.deepStrictEqual([yield* next.be(templates), yield* next.be(pages), yield* next.be(names)], [[], [], []])
      assert.deepStrictEqual(yield* templates, ["spots"])
    })
  )

  it.effect("who shares something is deleted by force only, and then with everything", () =>
    Effect.gen(function* () {
      const users = yield* Users
      const gina = yield* member("gina")
      const { organizationId } = gina
      yield* gina.be(run("create table trees (name text)"))
      yield* gina.be(Effect.flatMap(Datasets, (datasets) => datasets.cartodbfy("trees")))
      const acme = { type: "org", id: organizationId } as const
      yield* gina.be(Effect.flatMap(Permissions, (permissions) => permissions.share("trees", acme, "r")))
      assert.deepStrictEqual(yield* rows("select count(*)::int4 as n from gina.trees"), [{ n: 0 }])
      assert.include(yield* names, "trees")

      const kept = yield* reasonOf(users.delete("gina"))
      assert.include(kept.message, "Has shared entities")
      assert.include(kept.advice, "force")
      yield* users.delete("gina", { force: true })
      assert.notInclude(yield* names, "trees")
      assert.include((yield* reasonOf(rows("select * from gina.trees"))).message, "does not exist")
      assert.strictEqual((yield* reasonOf(gina.be(rows("select 1")))).status, 404)

      // The name is free again, and what has it is somebody else.
      const next = yield* member("gina")
      assert.deepStrictEqual(yield* next.be(names), [])
      assert.strictEqual((yield* reasonOf(as("gina", gina.key)(rows("select 1"))))._tag, "AuthError")

      const reserved = yield* reasonOf(users.create({ username: "public", email: "p@example.test", password }))
      assert.include(reserved.message, "username is already taken")
      const viewer = yield* member("vera")
      yield* users.update("vera", { viewer: true })
      assert.include((yield* viewer.be(reasonOf(run("create table a (b int)")))).message, "permission denied")
      yield* users.update("vera", { viewer: false })
      yield* viewer.be(run("create table a (b int)"))
    })
  )

  it.effect("a member may delete the own account, the owner may not", () =>
    Effect.gen(function* () {
      const { origin } = yield* Emulator
      const { be, key } = yield* member("hugo")
      yield* be(run("create table last (a int)"))
      const remove = (password?: string) => {
        const body = JSON.stringify({ deletion_password_confirmation: password })
        return send(`${origin}/u/hugo/api/v3/me?api_key=${Redacted.value(key)}`, {
          method: "DELETE",
          headers: { "content-type": "application/json", "content-length": String(body.length) },
          body
        })
      }
      assert.strictEqual((yield* remove()).status, 400)
      assert.strictEqual((yield* remove("wrong")).status, 401)
      assert.deepStrictEqual(json(yield* remove("correct horse")), { logout_url: `${origin}/u/hugo/logout` })
      assert.strictEqual((yield* reasonOf(be(rows("select 1")))).status, 404)
      const owner = yield* ask("DELETE", "v3/me", { deletion_password_confirmation: Redacted.value(localPassword) })
      assert.deepStrictEqual(
        [owner.status, owner.body.message],
        [401, "Error deleting user: You can't delete the owner of an organization"]
      )
    })
  )
}

it.live(
  "members, groups and what they share outlive the emulator in a data folder",
  () =>
    Effect.gen(function* () {
      const dataDir = `${yield* (yield* FileSystem.FileSystem).makeTempDirectoryScoped()}/data`
      const within = <A, E>(effect: Effect.Effect<A, E, Carto.CartoServices | Emulator>) =>
        effect.pipe(
          Effect.provide(connected()),
          Effect.provide(emulator),
          Effect.provide(PgliteDatabase.layer({ dataDir })),
          Effect.scoped
        )
      const { group, key } = yield* within(
        Effect.gen(function* () {
          const { be, grantee, key, organizationId } = yield* member("kept")
          yield* be(run("create table own (a int); insert into own values (1)"))
          const groups = `v1/organization/${organizationId}/groups`
          const { body } = yield* ask("POST", groups, { display_name: "team" })
          yield* ask("POST", `${groups}/${body.id}/users/${grantee.id}`)
          yield* run("create table theirs (a int)")
          yield* Effect.flatMap(Datasets, (datasets) => datasets.cartodbfy("theirs"))
          yield* Effect.flatMap(Permissions, ({ share }) => share("theirs", { type: "group", id: body.id }, "r"))
          yield* Effect.flatMap(Users, (users) =>
            users.updateMe({ name: "Alice", newPassword: password }, localPassword)
          )
          return { group: `${groups}/${body.id}`, key }
        })
      )
      yield* within(
        Effect.gen(function* () {
          const be = as("kept", key)
          const read = be(
            rows("select (select a from own) as own, (select count(*)::int4 from public.theirs) as theirs")
          )
          assert.deepStrictEqual(yield* read, [{ own: 1, theirs: 0 }])
          assert.strictEqual((yield* Effect.flatMap(Users, (users) => users.updateMe({}, password))).name, "Alice")
          assert.strictEqual((yield* ask("DELETE", group)).status, 204)
          assert.include((yield* reasonOf(read)).message, "permission denied")
        })
      )
    }).pipe(Effect.provide(NodeFileSystem.layer), Effect.scoped),
  120_000
)

const options = { timeout: "3 minutes", excludeTestServices: true } as const

describe("Members against the emulator", () => {
  const onPglite = connected().pipe(Layer.provideMerge(emulator), Layer.provide(PgliteDatabase.layer()))
  it.layer(onPglite, options)("on PGlite", facts)
})

describe.skipIf(PostgresServer.serverUrl === undefined)("Members against the emulator", () => {
  const onServer = connected().pipe(Layer.provideMerge(emulator), Layer.provide(PostgresServer.layer))
  it.layer(onServer, options)("on a PostgreSQL server", facts)
})
