// What the native part of Node.js' runtime client does, for a processor that it was not built for: asks for the next
// event, answers it, or reports its error. One connection keeps them in order, so nothing here waits for an answer's own.
"use strict"

const http = require("node:http")

const [hostname, port] = process.env.AWS_LAMBDA_RUNTIME_API.split(":")
const agent = new http.Agent({ keepAlive: true, maxSockets: 1 })

function call(method, path, body, headers) {
    return new Promise((resolve, reject) => {
        const options = { hostname, port, agent, method, headers, path: `/2018-06-01/runtime/invocation/${path}` }
        const request = http.request(options, (response) => {
            const parts = []
            response.on("data", (part) => parts.push(part))
            response.on("error", reject)
            response.on("end", () => resolve({ response, text: Buffer.concat(parts).toString("utf8") }))
        })
        request.on("error", reject)
        request.end(body)
    })
}

// As the native part does: what the platform says to an answer is not looked at.
function post(path, body, headers) {
    const bytes = Buffer.from(body)
    const all = { "Content-Type": "application/json", "Content-Length": bytes.length, ...headers }
    call("POST", path, bytes, all).catch(() => {})
}

exports.next = async () => {
    const { response, text } = await call("GET", "next")
    if (response.statusCode !== 200) {
        throw new Error(`Failed to get next invocation, error ${response.statusCode}`)
    }
    const deadlineMs = Number(response.headers["lambda-runtime-deadline-ms"])
    return { bodyJson: text, headers: { ...response.headers, "lambda-runtime-deadline-ms": deadlineMs } }
}

exports.done = (id, body) => {
    post(`${id}/response`, body)
}

exports.error = (id, body, cause) => {
    post(`${id}/error`, body, { "Lambda-Runtime-Function-XRay-Error-Cause": cause })
}
