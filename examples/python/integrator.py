"""An integrator's round with Tandem, in Python with grpcio:

    python3 integrator.py 127.0.0.1:7400

Upserts a need, ranks mentors for it, solves a cohort, follows the events, and handles every kind of
error. The stubs are made from Tandem's protos by grpcio-tools (examples/README.md). Expects a server
with the sample programme. Every run uses ids of its own, so it can be run again and again.
"""

import pathlib
import sys
import time
import uuid

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent / "out/gen"))  # the stubs

import grpc
from google.longrunning import operations_pb2_grpc
from google.longrunning import operations_proto_pb2 as operations_pb
from google.rpc import code_pb2, error_details_pb2
from grpc_status import rpc_status

from tandem.common.v1 import language_pb2, service_type_pb2
from tandem.events.v1 import events_service_pb2 as events_pb
from tandem.events.v1 import events_service_pb2_grpc as events_grpc
from tandem.matching.v1 import cohort_pb2, matching_requests_pb2, matching_service_pb2_grpc, ranking_pb2
from tandem.needs.v1 import engagement_request_pb2, engagement_request_requests_pb2 as request_pb
from tandem.needs.v1 import needs_service_pb2_grpc, programme_requests_pb2
from tandem.profiles.v1 import organisation_requests_pb2, profiles_service_pb2_grpc

SERVICE_CONFIG = pathlib.Path(__file__).resolve().parent.parent / "service_config.json"
RUN = uuid.uuid4().hex[:8]  # makes this run's external ids its own

# Who calls. On loopback a server without credentials believes it; elsewhere a token stands here.
CALLER = (("tandem-role", "programme-system"), ("tandem-actor", "example-python-" + RUN))
# WaitForReady is left off, so that a server that is down is told at once as UNAVAILABLE.
MAX_ATTEMPTS = 8


def details_of(error: grpc.RpcError, kind):
    """The detail of type `kind` that Tandem attached to an error, or None."""
    status = rpc_status.from_call(error)
    for any_detail in status.details if status else []:
        detail = kind()
        if any_detail.Unpack(detail):
            return detail
    return None


def reason_of(error: grpc.RpcError) -> str:
    """"ETAG_MISMATCH" and so on; empty when the error is not Tandem's but comes from the connection."""
    info = details_of(error, error_details_pb2.ErrorInfo)
    return info.reason if info and info.domain == "tandem" else ""


def call(method, request):
    """Calls, and repeats the SAME request where that helps.

    A write is safe to repeat, even after a lost connection, because its request_id stays the same: if
    the first one was committed, its answer comes again. The service config makes the quick repetitions
    already; this goes on for longer, and waits as the server asks when a quota is used up.
    """
    for attempt in range(MAX_ATTEMPTS):
        try:
            return method(request, metadata=CALLER)
        except grpc.RpcError as error:
            retry = details_of(error, error_details_pb2.RetryInfo)
            if attempt == MAX_ATTEMPTS - 1:
                raise
            if retry:  # RESOURCE_EXHAUSTED by rate, a server that restarts
                time.sleep(retry.retry_delay.ToTimedelta().total_seconds())
            elif error.code() in (grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.DEADLINE_EXCEEDED):
                time.sleep(min(0.2 * 2 ** attempt, 5))
            else:
                raise  # repeating does not help: the caller decides by code and reason


class Integrator:
    def __init__(self, address: str) -> None:
        channel = grpc.insecure_channel(address, options=[
            ("grpc.service_config", SERVICE_CONFIG.read_text("utf-8"))])
        self.needs = needs_service_pb2_grpc.NeedsServiceStub(channel)
        self.profiles = profiles_service_pb2_grpc.ProfilesServiceStub(channel)
        self.matching = matching_service_pb2_grpc.MatchingServiceStub(channel)
        self.events = events_grpc.EventsServiceStub(channel)
        self.operations = operations_pb2_grpc.OperationsStub(channel)

    def new_need(self):
        """A need for the sample programme's first standards body."""
        programmes = call(self.needs.ListProgrammes, programme_requests_pb2.ListProgrammesRequest(
            filter='external_id = "LDC-2027"')).programmes
        organisations = call(self.profiles.ListOrganisations, organisation_requests_pb2.ListOrganisationsRequest(
            filter='kind = "ORGANISATION_KIND_NSB"')).organisations
        need = engagement_request_pb2.EngagementRequest(
            external_id="EX-PY-" + RUN, programme=programmes[0].name, organisations=[organisations[0].name],
            service_type=service_type_pb2.SERVICE_TYPE_COACHING, title="A working enquiry point",
            modalities=[service_type_pb2.MODALITY_REMOTE])
        role = need.roles.add(role_id="lead", max_mentors=1, hours_per_month=6)
        role.topics.add(topic="wto-tbt.enquiry-point", min_level=3, weight=10)
        for language in ("en", "fr"):
            role.languages.add(language=language, min_spoken=language_pb2.CEFR_LEVEL_B2)
        need.period.start_date.year, need.period.start_date.month, need.period.start_date.day = 2027, 2, 1
        need.period.end_date.year, need.period.end_date.month, need.period.end_date.day = 2027, 7, 31
        return need

    def upsert(self, need):
        """Upserts by external id: no need to keep Tandem's names. The request_id makes it repeatable."""
        request = request_pb.UpsertEngagementRequestRequest(
            engagement_request=need, request_id="upsert-" + RUN)
        first = call(self.needs.UpsertEngagementRequest, request)
        print("upserted:", need.external_id, "created" if first.created else "existed")
        # As after a lost connection: the same call again answers the same, and nothing is doubled.
        print("repeated: same answer" if call(self.needs.UpsertEngagementRequest, request) == first
              else "repeated: ANOTHER ANSWER")
        request.engagement_request.title = "Something else"
        try:
            call(self.needs.UpsertEngagementRequest, request)
        except grpc.RpcError as error:  # a programming error: a new request takes a new request_id
            print("error:", error.code().name, reason_of(error))
        return first.engagement_request

    def rank(self, need) -> None:
        """Matching follows the other services, some milliseconds behind: at_least makes it wait for our write."""
        ranked = call(self.matching.RankMentors, ranking_pb2.RankMentorsRequest(
            need=need.name + "/roles/lead", page_size=3,
            at_least=ranking_pb2.SeenRevisions(needs=need.revision)))
        print("ranked: %d of %d eligible" % (ranked.eligible_count, ranked.considered_count))
        for mentor in ranked.mentors:
            print("  %d. %s %.2f points" % (mentor.rank, mentor.mentor, mentor.score_micropoints / 1e4))

    def solve(self, need) -> None:
        """Solves a cohort, which is a long-running operation: its name outlives the server."""
        cohort = cohort_pb2.Cohort(external_id="EX-PY-" + RUN, display_name="Example", programme=need.programme,
                                   engagement_requests=[need.name])
        cohort = call(self.matching.UpsertCohort, matching_requests_pb2.UpsertCohortRequest(
            cohort=cohort, request_id="cohort-" + RUN)).cohort
        operation = call(self.matching.SolveCohort, matching_requests_pb2.SolveCohortRequest(
            name=cohort.name, request_id="solve-" + RUN))
        wait_s = 0.05
        while not operation.done:  # polled with backoff
            time.sleep(wait_s)
            wait_s = min(wait_s * 2, 5)
            operation = call(self.operations.GetOperation, operations_pb.GetOperationRequest(name=operation.name))
        if operation.HasField("error"):
            raise SystemExit("not solved: %s %s" % (code_pb2.Code.Name(operation.error.code), operation.error.message))
        run = cohort_pb2.CohortRun()
        operation.response.Unpack(run)
        print("solved: %d of %d needs served, certificate %s" % (
            run.needs_served, run.need_count, "checked" if run.certificate_checked else "NOT CHECKED"))

    def start_of_events(self) -> str:
        return call(self.events.ListEvents, events_pb.ListEventsRequest(start=events_pb.EVENT_START_NOW)).next_cursor

    def follow(self, cursor: str, need) -> None:
        """Follows the events from a cursor; keep the cursor with what you made of the events."""
        # Polled: one page, and the cursor behind it.
        page = call(self.events.ListEvents, events_pb.ListEventsRequest(cursor=cursor, page_size=1))
        events, cursor = list(page.events), page.next_cursor
        # Followed from there. A stream that breaks (UNAVAILABLE) is resumed with the last cursor.
        while not any(event.resource.startswith("cohorts/") for event in events):
            try:
                stream = self.events.WatchEvents(events_pb.WatchEventsRequest(cursor=cursor), timeout=20, metadata=CALLER)
                for step in stream:
                    events += step.events
                    cursor = step.cursor
                    if any(event.resource.startswith("cohorts/") for event in events):
                        stream.cancel()
                        break
            except grpc.RpcError as error:
                if error.code() != grpc.StatusCode.UNAVAILABLE:
                    raise
                time.sleep(1)
        ids = [event.event_id for event in events]
        mine = [event for event in events if event.own_request_id == "upsert-" + RUN]
        print("events: followed, %s, own change of the need %s" % (
            "none twice" if len(ids) == len(set(ids)) else "SOME TWICE",
            "seen" if [event.resource for event in mine] == [need.name] else "NOT SEEN"))

    def lose_no_update(self, need) -> None:
        """An edit with an old etag is refused: read again, apply the edit to what is now, send that."""
        update = request_pb.UpdateEngagementRequestRequest(engagement_request=need, request_id="edit-1-" + RUN)
        update.update_mask.paths.append("title")
        update.engagement_request.title = "Edited by somebody else"
        call(self.needs.UpdateEngagementRequest, update)  # the etag in `need` is now old
        update.engagement_request.title, update.request_id = "Edited by me", "edit-2-" + RUN
        try:
            call(self.needs.UpdateEngagementRequest, update)
        except grpc.RpcError as error:
            if reason_of(error) != "ETAG_MISMATCH":
                raise
            print("error:", error.code().name, reason_of(error))
        now = call(self.needs.GetEngagementRequest, request_pb.GetEngagementRequestRequest(name=need.name))
        now.title = "Edited by me"
        again = request_pb.UpdateEngagementRequestRequest(engagement_request=now, request_id="edit-3-" + RUN)
        again.update_mask.paths.append("title")
        print("edited:", call(self.needs.UpdateEngagementRequest, again).title)

    def meet_other_errors(self, need) -> None:
        bad = engagement_request_pb2.EngagementRequest(external_id="EX-PY-BAD-" + RUN)
        try:
            call(self.needs.UpsertEngagementRequest, request_pb.UpsertEngagementRequestRequest(
                engagement_request=bad, request_id="bad-" + RUN))
        except grpc.RpcError as error:  # every violated field at once: show them beside their inputs
            print("error:", error.code().name, reason_of(error))
            for violation in details_of(error, error_details_pb2.BadRequest).field_violations:
                print("  field %s: %s" % (violation.field, violation.description))
        try:
            call(self.needs.GetEngagementRequest,
                 request_pb.GetEngagementRequestRequest(name="engagementRequests/none"))
        except grpc.RpcError as error:
            print("error:", error.code().name, reason_of(error))

    def meet_the_quota(self, need, most: int = 5000) -> None:
        """Beyond the quota the server says in a RetryInfo when to come again; call() waits for so long."""
        get = request_pb.GetEngagementRequestRequest(name=need.name)
        futures = [self.needs.GetEngagementRequest.future(get, metadata=CALLER) for _ in range(most)]
        refused = next((future.exception() for future in futures if future.exception()), None)
        if refused is None:
            print("quota: not reached")
            return
        print("error:", refused.code().name, reason_of(refused))
        call(self.needs.GetEngagementRequest, get)
        print("quota: waited as RetryInfo says, then answered")


def meet_a_server_that_is_down() -> None:
    """UNAVAILABLE without a reason comes from the connection: repeat, with the same request_id."""
    stub = needs_service_pb2_grpc.NeedsServiceStub(grpc.insecure_channel("127.0.0.1:1"))
    try:
        stub.ListProgrammes(programme_requests_pb2.ListProgrammesRequest(), metadata=CALLER, timeout=5)
    except grpc.RpcError as error:
        print("error:", error.code().name, reason_of(error) or "no reason: repeat")


def main() -> None:
    if len(sys.argv) != 2:
        raise SystemExit(__doc__)
    tandem = Integrator(sys.argv[1])
    cursor = tandem.start_of_events()
    need = tandem.upsert(tandem.new_need())
    tandem.rank(need)
    tandem.solve(need)
    tandem.follow(cursor, need)
    tandem.lose_no_update(need)
    tandem.meet_other_errors(need)
    meet_a_server_that_is_down()
    tandem.meet_the_quota(need)


if __name__ == "__main__":
    main()
