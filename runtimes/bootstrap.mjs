// Starts the unmodified runtime client of Node.js by what its package exports. Its native part is built for one
// processor; on another, ours stands in for it.
import { closeSync, openSync, readSync } from "node:fs"
import Module, { createRequire } from "node:module"
import { run } from "./lib/nodejs/aws-lambda-ric/dist/index.mjs"

const MACHINES = { x64: 62, arm64: 183 } // as ELF numbers them
const MACHINE_OFFSET = 18

function machineOf(file) {
    const head = Buffer.alloc(MACHINE_OFFSET + 2)
    const fd = openSync(file)
    readSync(fd, head, 0, head.length, 0)
    closeSync(fd)
    return head.readUInt16LE(MACHINE_OFFSET)
}

const require = createRequire(import.meta.url)
const native = require.resolve("./lib/nodejs/aws-lambda-ric/dist/rapid-client.node")
if (machineOf(native) !== MACHINES[process.arch]) {
    const module = new Module(native)
    module.exports = require("./rapid-client.cjs")
    module.loaded = true
    require.cache[native] = module
}

await run(process.env.LAMBDA_TASK_ROOT, process.env._HANDLER)
