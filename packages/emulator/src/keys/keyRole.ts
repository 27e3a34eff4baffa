/** The PostgreSQL role behind a regular API key, as statements. */
import { createHash } from "node:crypto"
import { quoteIdentifier, quoteLiteral } from "../SqlText.ts"
import { publicRole } from "../sql/roles.ts"
import type { DatabaseGrants, Permission, SchemaGrant, TableGrant } from "./Grants.ts"

/** What a name of PostgreSQL may have: longer ones are cut off, and two keys would share a role. */
const maxBytes = 63

/** `alice_reader` for alice's key `reader`; a hash where that cannot be a role's name. */
export const roleName = (user: string, key: string): string => {
  const name = `${user}_${key}`
  const isUsable = Buffer.byteLength(name) <= maxBytes && !/^(?:pg|carto)_/.test(name) && !name.includes("\0")
  return isUsable ? name : `carto_role_${createHash("sha256").update(`${user}\0${key}`).digest("hex").slice(0, 32)}`
}

const writes: ReadonlyArray<Permission> = ["insert", "update"]

const grantTable = (role: string, { permissions, schema = "public", table }: TableGrant): string => {
  if (permissions.length === 0) return ""
  const target = `${quoteIdentifier(schema)}.${quoteIdentifier(table)}`
  const rights = `
  GRANT USAGE ON SCHEMA ${quoteIdentifier(schema)} TO ${quoteIdentifier(role)};
  GRANT ${permissions.join(", ")} ON ${target} TO ${quoteIdentifier(role)};`
  return permissions.some((permission) => writes.includes(permission))
    ? `${rights}
  FOR sequence IN
    SELECT d.objid::regclass FROM pg_depend d JOIN pg_class c ON c.oid = d.objid
    WHERE c.relkind = 'S' AND d.refobjid = ${quoteLiteral(target)}::regclass
  LOOP EXECUTE format('GRANT USAGE, SELECT ON SEQUENCE %s TO %I', sequence, ${quoteLiteral(role)}); END LOOP;`
    : rights
}

const grantSchema = (role: string, { permissions, schema }: SchemaGrant): string =>
  permissions.length === 0
    ? ""
    : `
  GRANT USAGE, ${permissions.join(", ")} ON SCHEMA ${quoteIdentifier(schema)} TO ${quoteIdentifier(role)};`

/** Gives the tables of a role to the account and takes its rights away. */
const empty = (role: string, owner: string): string => `
    REASSIGN OWNED BY ${quoteIdentifier(role)} TO ${quoteIdentifier(owner)};
    DROP OWNED BY ${quoteIdentifier(role)};`

/** The view that tells when tables were changed. */
export const metadataView = "cartodb.cdb_tablemetadata_text"

// As a literal, whatever names are in it: dollar quotes could be closed by one.
const block = (body: string): string => `DO ${quoteLiteral(`DECLARE sequence regclass; BEGIN\n${body}\nEND`)}`

/**
 * Makes the role, or makes it anew: what the public may, and the grants, with the sequences of the tables' columns.
 *
 * The account may do with the key's tables as with its own.
 */
export const makeRole = (
  role: string,
  owner: string,
  { schemas = [], tableMetadata = false, tables = [] }: DatabaseGrants
): string =>
  block(`
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = ${quoteLiteral(role)}) THEN${empty(role, owner)}
  ELSE
    CREATE ROLE ${quoteIdentifier(role)};
  END IF;
  GRANT ${publicRole} TO ${quoteIdentifier(role)};
  GRANT ${quoteIdentifier(role)} TO ${quoteIdentifier(owner)};
  ${tables.map((grant) => grantTable(role, grant)).join("")}
  ${schemas.map((grant) => grantSchema(role, grant)).join("")}
  ${tableMetadata ? `GRANT SELECT ON ${metadataView} TO ${quoteIdentifier(role)};` : ""}`)

/** Removes the role, unless another database of the server still knows it; its tables stay, as the account's. */
export const dropRole = (role: string, owner: string): string =>
  block(`
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = ${quoteLiteral(role)}) THEN${empty(role, owner)}
    PERFORM pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = ${quoteLiteral(role)};
    BEGIN
      DROP ROLE ${quoteIdentifier(role)};
    EXCEPTION WHEN dependent_objects_still_exist THEN NULL;
    END;
  END IF;`)
