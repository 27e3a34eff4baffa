/** `CDB_RegenerateTable`: the statements that would make a table again. */

export const regenerate = `
create or replace function cartodb.cdb_regeneratetable(reloid regclass) returns text language sql stable as $$
  select string_agg(statement, E'\\n' order by place, statement) from (
    select 1 as place, format(E'CREATE TABLE %s (\\n%s\\n);', reloid, string_agg(
      format('    %I %s', a.attname, format_type(a.atttypid, a.atttypmod))
        || coalesce(' DEFAULT ' || pg_get_expr(d.adbin, d.adrelid), '')
        || case when a.attnotnull then ' NOT NULL' else '' end,
      E',\\n' order by a.attnum)) as statement
    from pg_attribute a left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
    where a.attrelid = reloid and a.attnum > 0 and not a.attisdropped
    union all
    select 2, format('ALTER TABLE %s ADD CONSTRAINT %I %s;', reloid, conname, pg_get_constraintdef(oid))
    from pg_constraint where conrelid = reloid and contype in ('c', 'f', 'p', 'u', 'x')
    union all
    select 3, pg_get_indexdef(i.indexrelid) || ';' from pg_index i
    where i.indrelid = reloid and not exists (select from pg_constraint where conindid = i.indexrelid)
    union all
    select 4, pg_get_triggerdef(oid) || ';' from pg_trigger where tgrelid = reloid and not tgisinternal
  ) statements
$$;
`
