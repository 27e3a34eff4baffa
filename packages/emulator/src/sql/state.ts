/** Where the emulator keeps what CARTO keeps outside of the account's own data: keys, users, kuviz, subscriptions. */

/** Only the superuser reaches it: no key's SQL does. Each service makes its own tables in it. */
export const stateSchema = "carto_emulator"

export const state = `
create schema if not exists ${stateSchema};
revoke all on schema ${stateSchema} from public;
`
