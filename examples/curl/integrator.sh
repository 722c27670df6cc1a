#!/usr/bin/env bash
# An integrator's round with Tandem in plain JSON over HTTP, by curl: what to translate where there is
# no gRPC. Each call is a POST of JSON to /SERVICE/METHOD.
#
#   examples/curl/integrator.sh 127.0.0.1:7480
#
# Upserts a need, ranks mentors for it, solves a cohort, follows the events, and handles errors by
# code and reason. Expects a server with the sample programme; needs curl and python3, which picks
# values out of JSON.
set -euo pipefail

readonly http=http://${1:?where does tandemd serve HTTP? See --http-address}
readonly needs=tandem.needs.v1.NeedsService profiles=tandem.profiles.v1.ProfilesService
readonly matching=tandem.matching.v1.MatchingService events=tandem.events.v1.EventsService
run=$(od -An -N4 -tx4 /dev/urandom | tr -d ' ')  # makes this run's external ids its own
readonly run max_attempts=6
# Who calls. On loopback a server without credentials believes it; elsewhere a token stands here.
readonly caller=(-H 'tandem-role: programme-system' -H "tandem-actor: example-curl-$run")

# JSON leaves out fields that are 0, false or empty: read those with a default.
answer=  # the body of the last answer: the response, or the error
code=    # its code as gRPC names it, OK for none

# pick EXPRESSION: a value of the last answer, as Python writes it.
pick() { python3 -c 'import json, sys; answer = json.loads(sys.argv[1]); print(eval(sys.argv[2]))' "$answer" "$1"; }

# The value of a detail of the last error: detail TYPE EXPRESSION; empty where there is none.
detail() {
  pick "next((d['debug']$2 for d in answer.get('details', []) if d['type'] == 'google.rpc.$1'), '')"
}

# once METHOD JSON: one call; sets answer and code. Connect's codes are gRPC's in small letters.
once() {
  if ! answer=$(curl -sS --max-time 10 "$http/$1" "${caller[@]}" -H 'content-type: application/json' \
    -H 'connect-protocol-version: 1' -d "$2" -w '\n%{http_code}' 2>/dev/null); then
    answer='{"message": "no connection"}' code=UNAVAILABLE  # no answer: nobody knows what was done
    return
  fi
  local status=${answer##*$'\n'}
  answer=${answer%$'\n'*} code=OK
  [[ $status == 200 ]] || code=$(pick "answer['code'].upper()")
}

# call METHOD JSON: calls, and repeats the SAME request where that helps. A write is safe to repeat,
# even after a lost connection, because its requestId stays the same: if the first one was committed,
# its answer comes again.
call() {
  local attempt wait
  for ((attempt = 1; attempt <= max_attempts; ++attempt)); do
    once "$@"
    wait=$(detail RetryInfo "['retryDelay'].rstrip('s')")  # as long as the server asks
    case $code in
      UNAVAILABLE | DEADLINE_EXCEEDED) sleep "${wait:-$attempt}" ;;
      RESOURCE_EXHAUSTED) [[ -n $wait ]] || return 0; sleep "$wait" ;;
      *) return 0 ;;  # answered, or repeating does not help
    esac
  done
}

# must METHOD JSON: a call that has to succeed.
must() {
  call "$@"
  [[ $code == OK ]] || { echo "$1: $code $answer" >&2; exit 1; }
}

say_error() {
  local reason
  reason=$(detail ErrorInfo "['reason']")
  # Without a reason it comes from the connection.
  echo "error: $code ${reason:-no reason: repeat}"
}

# A place in the events to follow from, taken before anything is done.
must $events/ListEvents '{"start": "EVENT_START_NOW"}'
cursor=$(pick "answer['nextCursor']")

# ---- Upsert a need, by external id: no need to keep Tandem's names.
must $needs/ListProgrammes '{"filter": "external_id = \"LDC-2027\""}'
programme=$(pick "answer['programmes'][0]['name']")
must $profiles/ListOrganisations '{"filter": "kind = \"ORGANISATION_KIND_NSB\""}'
organisation=$(pick "answer['organisations'][0]['name']")
upsert() {  # upsert TITLE
  printf '{"engagementRequest": {"externalId": "EX-CURL-%s", "programme": "%s", "organisations": ["%s"],
    "serviceType": "SERVICE_TYPE_COACHING", "title": "%s", "modalities": ["MODALITY_REMOTE"],
    "roles": [{"roleId": "lead", "maxMentors": 1, "hoursPerMonth": 6,
      "topics": [{"topic": "wto-tbt.enquiry-point", "minLevel": 3, "weight": 10}],
      "languages": [{"language": "en", "minSpoken": "CEFR_LEVEL_B2"}, {"language": "fr", "minSpoken": "CEFR_LEVEL_B2"}]}],
    "period": {"startDate": {"year": 2027, "month": 2, "day": 1}, "endDate": {"year": 2027, "month": 7, "day": 31}}},
    "requestId": "upsert-%s"}' "$run" "$programme" "$organisation" "$1" "$run"
}
must $needs/UpsertEngagementRequest "$(upsert 'A working enquiry point')"
first=$answer
need=$(pick "answer['engagementRequest']['name']")
revision=$(pick "answer['engagementRequest']['revision']")
old_etag=$(pick "answer['engagementRequest']['etag']")
echo "upserted: EX-CURL-$run $(pick "'created' if answer.get('created') else 'existed'")"
# As after a lost connection: the same call again answers the same, and nothing is doubled.
must $needs/UpsertEngagementRequest "$(upsert 'A working enquiry point')"
[[ $answer == "$first" ]] && echo "repeated: same answer" || echo "repeated: ANOTHER ANSWER"
# A programming error: a new request takes a new requestId.
call $needs/UpsertEngagementRequest "$(upsert 'Something else')"
say_error

# ---- Rank mentors for it. Matching follows the other services, some milliseconds behind: atLeast makes it wait for our write.
must $matching/RankMentors "{\"need\": \"$need/roles/lead\", \"pageSize\": 3, \"atLeast\": {\"needs\": \"$revision\"}}"
pick "'ranked: %s of %s eligible' % (answer['eligibleCount'], answer['consideredCount'])"
pick "'\n'.join('  %d. %s %.2f points' % (m['rank'], m['mentor'], int(m['scoreMicropoints']) / 1e4) for m in answer['mentors'])"

# ---- Solve a cohort: a long-running operation, polled with backoff; its name outlives the server.
must $matching/UpsertCohort "{\"cohort\": {\"externalId\": \"EX-CURL-$run\", \"displayName\": \"Example\",
  \"programme\": \"$programme\", \"engagementRequests\": [\"$need\"]}, \"requestId\": \"cohort-$run\"}"
must $matching/SolveCohort "{\"name\": \"$(pick "answer['cohort']['name']")\", \"requestId\": \"solve-$run\"}"
for wait in 0.1 0.2 0.4 0.8 1.6 3.2 5 5 5 5; do
  [[ $(pick "answer.get('done', False)") == True ]] && break
  sleep $wait
  must google.longrunning.Operations/GetOperation "{\"name\": \"$(pick "answer['name']")\"}"
done
pick "'solved: %d of %d needs served, certificate %s' % (answer['response'].get('needsServed', 0), answer['response']['needCount'],
  'checked' if answer['response'].get('certificateChecked') else 'NOT CHECKED')"

# ---- Follow the events by polling; keep the cursor with what you made of the events.
seen= own=
for _ in $(seq 50); do
  must $events/ListEvents "{\"cursor\": \"$cursor\", \"pageSize\": 2}"
  cursor=$(pick "answer['nextCursor']")
  seen+=$(pick "''.join(e['eventId'] + '\n' for e in answer.get('events', []))")$'\n'
  own+=$(pick "''.join(e['resource'] for e in answer.get('events', []) if e.get('ownRequestId') == 'upsert-$run')")
  [[ $(pick "answer.get('upToDate')") == True && -n $own ]] && break
  [[ $(pick "answer.get('upToDate')") == True ]] && sleep 0.2
done
twice=$(sed '/^$/d' <<<"$seen" | sort | uniq -d)
echo "events: followed, $([[ -z $twice ]] && echo "none twice" || echo "SOME TWICE"), own change of the need" \
  "$([[ $own == "$need" ]] && echo seen || echo "NOT SEEN")"

# ---- Lose no update: an edit with an old etag is refused; read again, edit what is now, send that.
edit() {  # edit ETAG TITLE
  printf '{"engagementRequest": {"name": "%s", "etag": "%s", "title": "%s"}, "updateMask": "title", "requestId": "edit-%s"}' \
    "$need" "$1" "$2" "$RANDOM$RANDOM"
}
must $needs/UpdateEngagementRequest "$(edit "$old_etag" 'Edited by somebody else')"
call $needs/UpdateEngagementRequest "$(edit "$old_etag" 'Edited by me')"
say_error
if [[ $(detail ErrorInfo "['reason']") == ETAG_MISMATCH ]]; then
  must $needs/GetEngagementRequest "{\"name\": \"$need\"}"
  must $needs/UpdateEngagementRequest "$(edit "$(pick "answer['etag']")" 'Edited by me')"
  echo "edited: $(pick "answer['title']")"
fi

# ---- Other errors: every violated field comes at once, to show beside its input.
call $needs/UpsertEngagementRequest "{\"engagementRequest\": {\"externalId\": \"EX-CURL-BAD\"}, \"requestId\": \"bad-$run\"}"
say_error
pick "'\n'.join('  field %s: %s' % (v['field'], v['description']) for d in answer['details']
  if d['type'] == 'google.rpc.BadRequest' for v in d['debug']['fieldViolations'])"
call $needs/GetEngagementRequest '{"name": "engagementRequests/none"}'
say_error
# A server that is down: repeat later, with the same requestId.
answer='{}' code=OK
curl -sS --max-time 5 "http://127.0.0.1:1/$needs/ListProgrammes" -d '{}' 2>/dev/null || code=UNAVAILABLE
say_error
