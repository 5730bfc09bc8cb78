#!/bin/bash
# An external extension: subscribes to the platform's telemetry and prints what it gets. Bash and curl; bash cannot
# listen, so one line of perl does. It does not ask for the function's output: what it prints is part of that.
set -u

PORT=4243
API="http://$AWS_LAMBDA_RUNTIME_API"
NAME=$(basename "$0")

perl -MIO::Socket::INET -e '$| = 1;
    my $server = IO::Socket::INET->new(LocalAddr => "127.0.0.1", LocalPort => shift, Listen => 1) or die "listen: $@";
    while (my $peer = $server->accept) { while (<$peer>) { print "telemetry $_" } }' "$PORT" &
listener=$!
until (exec 3<>"/dev/tcp/127.0.0.1/$PORT") 2>/dev/null; do
    kill -0 "$listener" || exit 1
    sleep 0.01
done

id=$(curl -sS -o /dev/null -D - -H "Lambda-Extension-Name: $NAME" -d '{"events":["INVOKE","SHUTDOWN"]}' \
    "$API/2020-01-01/extension/register" | sed -n 's/^lambda-extension-identifier: *\([^\r]*\).*/\1/Ip')
curl -sS -o /dev/null -X PUT -H "Lambda-Extension-Identifier: $id" -d '{"schemaVersion":"2022-12-13",
    "types":["platform"],"buffering":{"timeoutMs":25},"destination":{"protocol":"TCP","port":'"$PORT"'}}' \
    "$API/2022-07-01/telemetry"

while event=$(curl -sS -H "Lambda-Extension-Identifier: $id" "$API/2020-01-01/extension/event/next"); do
    echo "event $event"
    case $event in
        *'"SHUTDOWN"'*)
            sleep 0.1 # the last telemetry is on its way
            kill "$listener"
            exit 0
            ;;
    esac
done
