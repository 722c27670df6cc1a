#!/usr/bin/env bash
# Explores a running Tandem with grpcurl, which needs no protos: it asks the server by reflection.
#
#   examples/grpcurl/explore.sh 127.0.0.1:7400
#
# Expects a server started with --reflection and the sample programme, and out/grpcurl in this folder:
#
#   cd examples/grpcurl && GOBIN=$PWD/out go install github.com/fullstorydev/grpcurl/cmd/grpcurl
set -euo pipefail
readonly server=${1:?where does tandemd listen? See --address}
# Who calls. On loopback a server without credentials believes it; elsewhere a token stands here.
readonly caller=(-H 'tandem-role: staff' -H 'tandem-actor: example-grpcurl')

grpcurl() { "$(dirname "${BASH_SOURCE[0]}")/out/grpcurl" -plaintext "$@"; }

# Which services are there? And what do their methods take? (`describe` also says the fields of a message.)
services=$(grpcurl "$server" list)
echo "$services"
for service in $services; do
  echo "$service has $(grpcurl "$server" list "$service" | wc -l) methods, described in $(
    grpcurl "$server" describe "$service" | wc -l) lines"
done
grpcurl "$server" describe tandem.needs.v1.GetProgrammeRequest

# A call: JSON in, JSON out.
grpcurl "${caller[@]}" -d '{"filter": "external_id = \"LDC-2027\""}' "$server" tandem.needs.v1.NeedsService/ListProgrammes

# A stream, followed for a second.
grpcurl "${caller[@]}" -max-time 1 -d '{"start": "EVENT_START_NOW"}' "$server" tandem.events.v1.EventsService/WatchEvents ||
  echo "the stream was left"

# An error, with its details.
grpcurl "${caller[@]}" -d '{"name": "mentors/none"}' "$server" tandem.profiles.v1.ProfilesService/GetMentor 2>&1 ||
  echo "the call failed"

# grpcurl asks by reflection v1. Older tools ask by v1alpha, and hear the same.
for version in v1 v1alpha; do
  descriptors=$(grpcurl -d '{"file_containing_symbol": "tandem.events.v1.EventsService"}' "$server" \
    "grpc.reflection.$version.ServerReflection/ServerReflectionInfo" | grep -c '^      "')
  echo "reflection $version: $descriptors files with what EventsService uses"
done
