import static tandem.common.v1.Language.CefrLevel.CEFR_LEVEL_B2;
import static tandem.common.v1.ServiceTypeOuterClass.Modality.MODALITY_REMOTE;
import static tandem.common.v1.ServiceTypeOuterClass.ServiceType.SERVICE_TYPE_COACHING;

import com.google.common.util.concurrent.ListenableFuture;
import com.google.longrunning.GetOperationRequest;
import com.google.longrunning.Operation;
import com.google.longrunning.OperationsGrpc;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.BadRequest;
import com.google.type.Date;
import io.grpc.*;
import java.nio.file.Path;
import java.util.*;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import tandem.events.v1.EventsServiceGrpc;
import tandem.events.v1.EventsServiceOuterClass.*;
import tandem.matching.v1.CohortOuterClass.Cohort;
import tandem.matching.v1.CohortOuterClass.CohortRun;
import tandem.matching.v1.MatchingRequests.*;
import tandem.matching.v1.MatchingServiceGrpc;
import tandem.matching.v1.Ranking.*;
import tandem.needs.v1.EngagementRequestOuterClass.*;
import tandem.needs.v1.EngagementRequestRequests.*;
import tandem.needs.v1.NeedsServiceGrpc;
import tandem.needs.v1.ProgrammeRequests.ListProgrammesRequest;
import tandem.profiles.v1.OrganisationRequests.ListOrganisationsRequest;
import tandem.profiles.v1.ProfilesServiceGrpc;

/**
 * An integrator's round with Tandem, in Java with grpc-java: upserts a need, ranks mentors for it, solves a cohort,
 * follows the events, and handles every kind of error. Calls.java says how to call and to repeat.
 *
 * <p>Started by {@code java -cp 'examples/java/target/integrator.jar:examples/java/target/lib/*' Integrator
 * 127.0.0.1:7400 examples/service_config.json}. Expects a server with the sample programme. Every run uses ids of its
 * own, so it can be run again and again.
 */
public final class Integrator {
  private static final String RUN = UUID.randomUUID().toString().substring(0, 8);
  private static final ClientInterceptor CALLER = Calls.as("programme-system", "example-java-" + RUN);
  private static final int MOST_CALLS = 5000;

  private final NeedsServiceGrpc.NeedsServiceBlockingStub needs;
  private final NeedsServiceGrpc.NeedsServiceFutureStub needsAtOnce;
  private final ProfilesServiceGrpc.ProfilesServiceBlockingStub profiles;
  private final MatchingServiceGrpc.MatchingServiceBlockingStub matching;
  private final EventsServiceGrpc.EventsServiceBlockingStub events;
  private final OperationsGrpc.OperationsBlockingStub operations;

  private Integrator(ManagedChannel channel) {
    needs = NeedsServiceGrpc.newBlockingStub(channel).withInterceptors(CALLER);
    needsAtOnce = NeedsServiceGrpc.newFutureStub(channel).withInterceptors(CALLER);
    profiles = ProfilesServiceGrpc.newBlockingStub(channel).withInterceptors(CALLER);
    matching = MatchingServiceGrpc.newBlockingStub(channel).withInterceptors(CALLER);
    events = EventsServiceGrpc.newBlockingStub(channel).withInterceptors(CALLER);
    operations = OperationsGrpc.newBlockingStub(channel).withInterceptors(CALLER);
  }

  /** A need for the sample programme's first standards body. */
  private EngagementRequest newNeed() {
    String programme = Calls.repeating(() -> needs.listProgrammes(ListProgrammesRequest.newBuilder()
        .setFilter("external_id = \"LDC-2027\"").build())).getProgrammes(0).getName();
    String organisation = Calls.repeating(() -> profiles.listOrganisations(ListOrganisationsRequest.newBuilder()
        .setFilter("kind = \"ORGANISATION_KIND_NSB\"").build())).getOrganisations(0).getName();
    RequestRole.Builder role = RequestRole.newBuilder().setRoleId("lead").setMaxMentors(1).setHoursPerMonth(6)
        .addTopics(TopicRequirement.newBuilder().setTopic("wto-tbt.enquiry-point").setMinLevel(3).setWeight(10));
    for (String language : List.of("en", "fr")) {
      role.addLanguages(LanguageRequirement.newBuilder().setLanguage(language).setMinSpoken(CEFR_LEVEL_B2));
    }
    EngagementRequest.Builder need = EngagementRequest.newBuilder().setExternalId("EX-JAVA-" + RUN)
        .setProgramme(programme).addOrganisations(organisation).setServiceType(SERVICE_TYPE_COACHING)
        .setTitle("A working enquiry point").addModalities(MODALITY_REMOTE).addRoles(role);
    need.getPeriodBuilder().setStartDate(Date.newBuilder().setYear(2027).setMonth(2).setDay(1))
        .setEndDate(Date.newBuilder().setYear(2027).setMonth(7).setDay(31));
    return need.build();
  }

  /** Upserts by external id: no need to keep Tandem's names. The request_id makes it repeatable. */
  private EngagementRequest upsert(EngagementRequest need) {
    UpsertEngagementRequestRequest write = UpsertEngagementRequestRequest.newBuilder()
        .setEngagementRequest(need).setRequestId("upsert-" + RUN).build();
    UpsertEngagementRequestResponse first = Calls.repeating(() -> needs.upsertEngagementRequest(write));
    System.out.println("upserted: " + need.getExternalId() + (first.getCreated() ? " created" : " existed"));
    // As after a lost connection: the same call again answers the same, and nothing is doubled.
    boolean same = Calls.repeating(() -> needs.upsertEngagementRequest(write)).equals(first);
    System.out.println(same ? "repeated: same answer" : "repeated: ANOTHER ANSWER");
    // A programming error: a new request takes a new request_id.
    UpsertEngagementRequestRequest.Builder other = write.toBuilder();
    other.getEngagementRequestBuilder().setTitle("Something else");
    Calls.failureOf(() -> needs.upsertEngagementRequest(other.build()));
    return first.getEngagementRequest();
  }

  // Matching follows the other services, some milliseconds behind: at_least makes it wait for our write.
  private void rank(EngagementRequest need) {
    RankMentorsResponse ranked = Calls.repeating(() -> matching.rankMentors(RankMentorsRequest.newBuilder()
        .setNeed(need.getName() + "/roles/lead").setPageSize(3)
        .setAtLeast(SeenRevisions.newBuilder().setNeeds(need.getRevision())).build()));
    System.out.printf("ranked: %d of %d eligible%n", ranked.getEligibleCount(), ranked.getConsideredCount());
    for (RankedMentor mentor : ranked.getMentorsList()) {
      System.out.printf("  %d. %s %.2f points%n", mentor.getRank(), mentor.getMentor(),
          mentor.getScoreMicropoints() / 1e4);
    }
  }

  /** Solves a cohort, which is a long-running operation: its name outlives the server. */
  private void solve(EngagementRequest need) throws InvalidProtocolBufferException {
    Cohort cohort = Calls.repeating(() -> matching.upsertCohort(UpsertCohortRequest.newBuilder()
        .setRequestId("cohort-" + RUN)
        .setCohort(Cohort.newBuilder().setExternalId("EX-JAVA-" + RUN).setDisplayName("Example")
            .setProgramme(need.getProgramme()).addEngagementRequests(need.getName())).build())).getCohort();
    Operation operation = Calls.repeating(() -> matching.solveCohort(SolveCohortRequest.newBuilder()
        .setName(cohort.getName()).setRequestId("solve-" + RUN).build()));
    GetOperationRequest get = GetOperationRequest.newBuilder().setName(operation.getName()).build();
    for (long wait = 50; !operation.getDone(); wait = Math.min(wait * 2, 5000)) { // polled with backoff
      Calls.sleep(wait);
      operation = Calls.repeating(() -> operations.getOperation(get));
    }
    if (operation.hasError()) throw new IllegalStateException("not solved: " + operation.getError());
    CohortRun run = operation.getResponse().unpack(CohortRun.class);
    System.out.printf("solved: %d of %d needs served, certificate %s%n", run.getNeedsServed(), run.getNeedCount(),
        run.getCertificateChecked() ? "checked" : "NOT CHECKED");
  }

  private String startOfEvents() {
    return Calls.repeating(() -> events.listEvents(ListEventsRequest.newBuilder()
        .setStart(EventStart.EVENT_START_NOW).build())).getNextCursor();
  }

  /** Follows the events from a cursor; keep the cursor with what you made of the events. */
  private void follow(String start, EngagementRequest need) {
    // Polled: one page, and the cursor behind it.
    ListEventsResponse page = Calls.repeating(() -> events.listEvents(ListEventsRequest.newBuilder()
        .setCursor(start).setPageSize(1).build()));
    List<Event> seen = new ArrayList<>(page.getEventsList());
    String cursor = page.getNextCursor();
    while (!hasCohort(seen)) { // followed from there
      Context.CancellableContext call = Context.current().withCancellation();
      Context before = call.attach();
      try {
        Iterator<WatchEventsResponse> stream = events.withDeadlineAfter(20, TimeUnit.SECONDS)
            .watchEvents(WatchEventsRequest.newBuilder().setCursor(cursor).build());
        while (!hasCohort(seen) && stream.hasNext()) {
          WatchEventsResponse step = stream.next();
          seen.addAll(step.getEventsList());
          cursor = step.getCursor();
        }
      } catch (StatusRuntimeException error) {
        // A stream that breaks is resumed with the last cursor.
        if (error.getStatus().getCode() != Status.Code.UNAVAILABLE) throw error;
        Calls.sleep(1000);
      } finally {
        call.detach(before);
        call.cancel(null); // ends the call, when we leave while it goes on
      }
    }
    boolean twice = seen.stream().map(Event::getEventId).distinct().count() != seen.size();
    List<String> mine = seen.stream().filter(event -> event.getOwnRequestId().equals("upsert-" + RUN))
        .map(Event::getResource).toList();
    System.out.println("events: followed, " + (twice ? "SOME TWICE" : "none twice") + ", own change of the need "
        + (mine.equals(List.of(need.getName())) ? "seen" : "NOT SEEN"));
  }

  private static boolean hasCohort(List<Event> seen) {
    return seen.stream().anyMatch(event -> event.getResource().startsWith("cohorts/"));
  }

  private EngagementRequest editTitle(EngagementRequest need, String title) {
    UpdateEngagementRequestRequest.Builder edit = UpdateEngagementRequestRequest.newBuilder()
        .setEngagementRequest(need.toBuilder().setTitle(title)).setRequestId(UUID.randomUUID().toString());
    edit.getUpdateMaskBuilder().addPaths("title");
    UpdateEngagementRequestRequest request = edit.build(); // the same for every repetition
    return Calls.repeating(() -> needs.updateEngagementRequest(request));
  }

  /** An edit with an old etag is refused: read again, apply the edit to what is now, send that. */
  private void loseNoUpdate(EngagementRequest need) {
    editTitle(need, "Edited by somebody else"); // the etag in `need` is now old
    StatusRuntimeException error = Calls.failureOf(() -> editTitle(need, "Edited by me"));
    if (!Calls.reasonOf(error).equals("ETAG_MISMATCH")) throw error;
    EngagementRequest now = Calls.repeating(() -> needs.getEngagementRequest(get(need.getName())));
    System.out.println("edited: " + editTitle(now, "Edited by me").getTitle());
  }

  private static GetEngagementRequestRequest get(String name) {
    return GetEngagementRequestRequest.newBuilder().setName(name).build();
  }

  private void meetOtherErrors() {
    // Every violated field comes at once: show them beside their inputs.
    StatusRuntimeException error = Calls.failureOf(() -> needs.upsertEngagementRequest(
        UpsertEngagementRequestRequest.newBuilder().setRequestId("bad-" + RUN)
            .setEngagementRequest(EngagementRequest.newBuilder().setExternalId("EX-BAD")).build()));
    for (var violation : Calls.detailOf(error, BadRequest.class).orElseThrow().getFieldViolationsList()) {
      System.out.println("  field " + violation.getField() + ": " + violation.getDescription());
    }
    Calls.failureOf(() -> needs.getEngagementRequest(get("engagementRequests/none")));
    // Without a reason the error comes from the connection: repeat, with the same request_id.
    ManagedChannel down = ManagedChannelBuilder.forTarget("127.0.0.1:1").usePlaintext().build();
    try {
      NeedsServiceGrpc.newBlockingStub(down).listProgrammes(ListProgrammesRequest.getDefaultInstance());
    } catch (StatusRuntimeException unreachable) {
      Calls.say(unreachable);
    } finally {
      down.shutdownNow();
    }
  }

  /** Beyond the quota the server says in a RetryInfo when to come again; repeating() waits for so long. */
  private void meetTheQuota(EngagementRequest need) throws InterruptedException {
    for (int sent = 0; sent < MOST_CALLS; sent += 200) {
      List<ListenableFuture<?>> calls = new ArrayList<>();
      for (int i = 0; i < 200; ++i) calls.add(needsAtOnce.getEngagementRequest(get(need.getName())));
      for (ListenableFuture<?> call : calls) {
        try {
          call.get();
        } catch (ExecutionException refused) {
          Calls.say((StatusRuntimeException) refused.getCause());
          Calls.repeating(() -> needs.getEngagementRequest(get(need.getName())));
          System.out.println("quota: waited as RetryInfo says, then answered");
          return;
        }
      }
    }
    System.out.println("quota: not reached");
  }

  public static void main(String[] arguments) throws Exception {
    if (arguments.length != 2) throw new IllegalArgumentException("Integrator ADDRESS SERVICE_CONFIG");
    ManagedChannel channel = Calls.channelTo(arguments[0], Path.of(arguments[1]));
    try {
      Integrator integrator = new Integrator(channel);
      String start = integrator.startOfEvents();
      EngagementRequest need = integrator.upsert(integrator.newNeed());
      integrator.rank(need);
      integrator.solve(need);
      integrator.follow(start, need);
      integrator.loseNoUpdate(need);
      integrator.meetOtherErrors();
      integrator.meetTheQuota(need);
    } finally {
      channel.shutdownNow();
    }
  }
}
