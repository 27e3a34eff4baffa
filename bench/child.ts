/** The process of one run of one variant: `child.ts NAME VARIANT ENVIRONMENT`. It tells what it measured as JSON. */
import { load } from "./benchmarks.ts"
import { peakMemory } from "./process.ts"

const [name = "", variant = "", environment = "{}"] = process.argv.slice(2)
const { variants } = await load(name)
const measured = await variants[variant]?.run(JSON.parse(environment))
console.log(JSON.stringify({ peakMemory: peakMemory("self") ?? 0, ...measured }))
