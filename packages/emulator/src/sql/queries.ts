/** Functions that look into the text of a query. */

export const queries = String.raw`
-- Semicolons inside of strings, quoted names, dollar quotes and comments do not end a statement.
create or replace function cartodb.cdb_querystatements(query text) returns setof text
language plpgsql immutable strict parallel safe as $function$
declare
  rest text := query;
  statement text := '';
  opening text;
  skipped text;
begin
  loop
    opening := substring(rest from $re$;|[eE]?'|"|\$(?:[A-Za-z_]\w*)?\$|--|/\*$re$);
    statement := statement || case when opening is null then rest else split_part(rest, opening, 1) end;
    if opening is null or opening = ';' then
      statement := btrim(statement, E' \n\t\r');
      if statement <> '' then
        return next statement;
      end if;
      exit when opening is null;
      statement := '';
      rest := substr(rest, position(';' in rest) + 1);
      continue;
    end if;
    rest := substr(rest, position(opening in rest));
    skipped := case
      when opening like '$%' then opening || split_part(rest, opening, 2) || opening
      when opening = '''' then substring(rest from $re$^'[^']*'$re$)
      when opening = '"' then substring(rest from $re$^"[^"]*"$re$)
      when opening = '--' then substring(rest from $re$^--[^\n]*$re$)
      when opening = '/*' then substring(rest from $re$^/\*.*?\*/$re$)
      else substring(rest from $re$^[eE]'(?:[^'\\]|\\.|'')*'$re$)
    end;
    -- What is not closed reaches to the end.
    skipped := left(rest, length(coalesce(skipped, rest)));
    statement := statement || skipped;
    rest := substr(rest, length(skipped) + 1);
  end loop;
end $function$;

create or replace function cartodb._cdb_explain(query text) returns jsonb language plpgsql as $$
declare
  plan json;
begin
  execute 'explain (format json, verbose) ' || query into plan;
  return plan::jsonb;
end $$;

-- The tables behind a query, views resolved, as PostgreSQL's planner sees them.
create or replace function cartodb.cdb_querytablestext(query text) returns text[] language sql as $$
  select coalesce(array_agg(distinct format('%I.%I', scan ->> 'Schema', scan ->> 'Relation Name')), '{}')
  from cartodb.cdb_querystatements(query) statement,
    jsonb_path_query(cartodb._cdb_explain(statement), 'strict $.**?(exists(@."Relation Name"))') scan
  where statement ~* '^\s*\(*\s*(select|with|values|table|insert|update|delete|merge)\y' and scan ? 'Schema'
$$;

create or replace function cartodb.cdb_querytables(query text) returns name[] language sql as $$
  select cartodb.cdb_querytablestext(query)::name[]
$$;

-- What the planner expects, not a count.
create or replace function cartodb.cdb_estimaterowcount(query text) returns numeric language sql as $$
  select (cartodb._cdb_explain(query) -> 0 -> 'Plan' ->> 'Plan Rows')::numeric
$$;
`
