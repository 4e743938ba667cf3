"""From a stream through the endpoint to a stream: the Lambda consumer and what it rests on."""
