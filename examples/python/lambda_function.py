"""The area of a rectangle, as JSON text."""

import json


def lambda_handler(event, context):
    return json.dumps({"area": event["length"] * event["width"]})
