/** What refusals of the Data Observatory mean (platform reference, §16). */
import { advised } from "./advised.ts"

export const needsObservatory = advised([
  {
    status: 401,
    advice: "The Data Observatory needs the master key of this account, or one that was granted its API."
  },
  {
    status: 403,
    words: /subscri/i,
    advice: "Subscribe to it with DataObservatory.subscribe, and wait until it is active."
  },
  { status: 403, advice: "Use the master key, or one made with ApiKeyGrants.dataObservatory." },
  { words: /Wrong 'id' parameter/, advice: "Ids have the form project.dataset.table." },
  { words: /Wrong 'type' parameter/, advice: "The type is dataset or geography." }
])
