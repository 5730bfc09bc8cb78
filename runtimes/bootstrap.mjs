// Starts the unmodified runtime client of Node.js by what its package exports.
import { run } from "./lib/nodejs/aws-lambda-ric/dist/index.mjs"

await run(process.env.LAMBDA_TASK_ROOT, process.env._HANDLER)
