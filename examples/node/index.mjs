// The area of a rectangle; fails where a side is below 0.
export const area = async (event, context) => {
    console.info("area of %d by %d", event.length, event.width)
    if (event.length < 0) {
        throw new RangeError(`length: ${event.length}, must be 0 or more`)
    }
    return { area: event.length * event.width, requestId: context.awsRequestId }
}

// The event's words, each as soon as it is there: {"words":["a","b"],"pauseMs":1000}.
export const words = awslambda.streamifyResponse(async (event, response) => {
    response.setContentType("text/plain")
    for (const [i, word] of event.words.entries()) {
        if (i > 0) {
            await new Promise((resolve) => setTimeout(resolve, event.pauseMs ?? 0))
        }
        response.write(word)
    }
    response.end()
})
