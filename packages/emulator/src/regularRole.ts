/** The PostgreSQL role behind a regular API key. */
import type { Permission, TableGrant } from "./Auth.ts"
import { quoteIdentifier, quoteLiteral } from "./SqlText.ts"
import { publicRole } from "./sql/roles.ts"

const writes: ReadonlyArray<Permission> = ["insert", "update"]

const grantTable = (role: string, { permissions, schema = "public", table }: TableGrant): string => {
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

/** Makes the role: what the public may, and the given tables with the sequences of their columns. */
export const regularRole = (role: string, grants: ReadonlyArray<TableGrant>): string =>
  `DO $do$ DECLARE sequence regclass; BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = ${quoteLiteral(role)}) THEN
    CREATE ROLE ${quoteIdentifier(role)};
  END IF;
  GRANT ${publicRole} TO ${quoteIdentifier(role)};
  ${grants.map((grant) => grantTable(role, grant)).join("")}
END $do$`
