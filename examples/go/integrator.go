// An integrator's round with Tandem, in Go with grpc-go:
//
//	examples/go/out/integrator 127.0.0.1:7400 examples/service_config.json
//
// Upserts a need, ranks mentors for it, solves a cohort, follows the events, and handles every kind of error; calls.go
// says how to call and to repeat. Expects a server with the sample programme. Every run uses ids of its own, so it can
// be run again and again.
package main

import (
	"context"
	"fmt"
	"log"
	"os"
	"strings"
	"sync"
	"time"

	"cloud.google.com/go/longrunning/autogen/longrunningpb"
	"github.com/google/uuid"
	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/genproto/googleapis/type/date"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/fieldmaskpb"

	commonpb "tandem/examples/go/gen/tandem/common/v1"
	eventspb "tandem/examples/go/gen/tandem/events/v1"
	matchingpb "tandem/examples/go/gen/tandem/matching/v1"
	needspb "tandem/examples/go/gen/tandem/needs/v1"
	profilespb "tandem/examples/go/gen/tandem/profiles/v1"
)

const mostCalls = 5000

var run = uuid.NewString()[:8] // makes this run's external ids its own

type integrator struct {
	needs      needspb.NeedsServiceClient
	profiles   profilespb.ProfilesServiceClient
	matching   matchingpb.MatchingServiceClient
	events     eventspb.EventsServiceClient
	operations longrunningpb.OperationsClient
}

// newNeed is a need for the sample programme's first standards body.
func (i *integrator) newNeed(ctx context.Context) *needspb.EngagementRequest {
	programmes := must(call(ctx, i.needs.ListProgrammes,
		&needspb.ListProgrammesRequest{Filter: `external_id = "LDC-2027"`}))
	organisations := must(call(ctx, i.profiles.ListOrganisations,
		&profilespb.ListOrganisationsRequest{Filter: `kind = "ORGANISATION_KIND_NSB"`}))
	role := &needspb.RequestRole{RoleId: "lead", MaxMentors: 1, HoursPerMonth: 6,
		Topics: []*needspb.TopicRequirement{{Topic: "wto-tbt.enquiry-point", MinLevel: 3, Weight: 10}}}
	for _, language := range []string{"en", "fr"} {
		role.Languages = append(role.Languages,
			&needspb.LanguageRequirement{Language: language, MinSpoken: commonpb.CefrLevel_CEFR_LEVEL_B2})
	}
	return &needspb.EngagementRequest{
		ExternalId:    "EX-GO-" + run,
		Programme:     programmes.Programmes[0].Name,
		Organisations: []string{organisations.Organisations[0].Name},
		ServiceType:   commonpb.ServiceType_SERVICE_TYPE_COACHING,
		Title:         "A working enquiry point",
		Modalities:    []commonpb.Modality{commonpb.Modality_MODALITY_REMOTE},
		Roles:         []*needspb.RequestRole{role},
		Period: &commonpb.DateRange{StartDate: &date.Date{Year: 2027, Month: 2, Day: 1},
			EndDate: &date.Date{Year: 2027, Month: 7, Day: 31}},
	}
}

// upsert works by external id: no need to keep Tandem's names. The request_id makes it repeatable.
func (i *integrator) upsert(ctx context.Context, need *needspb.EngagementRequest) *needspb.EngagementRequest {
	write := &needspb.UpsertEngagementRequestRequest{EngagementRequest: need, RequestId: "upsert-" + run}
	first := must(call(ctx, i.needs.UpsertEngagementRequest, write))
	fmt.Println("upserted:", need.ExternalId, map[bool]string{true: "created", false: "existed"}[first.Created])
	// As after a lost connection: the same call again answers the same, and nothing is doubled.
	if proto.Equal(first, must(call(ctx, i.needs.UpsertEngagementRequest, write))) {
		fmt.Println("repeated: same answer")
	} else {
		fmt.Println("repeated: ANOTHER ANSWER")
	}
	// A programming error: a new request takes a new request_id.
	need.Title = "Something else"
	failure(call(ctx, i.needs.UpsertEngagementRequest, write))
	return first.EngagementRequest
}

// rank ranks mentors. Matching follows the other services, some milliseconds behind: AtLeast makes it wait for our
// write.
func (i *integrator) rank(ctx context.Context, need *needspb.EngagementRequest) {
	ranked := must(call(ctx, i.matching.RankMentors,
		&matchingpb.RankMentorsRequest{Need: need.Name + "/roles/lead", PageSize: 3,
			AtLeast: &matchingpb.SeenRevisions{Needs: need.Revision}}))
	fmt.Printf("ranked: %d of %d eligible\n", ranked.EligibleCount, ranked.ConsideredCount)
	for _, mentor := range ranked.Mentors {
		fmt.Printf("  %d. %s %.2f points\n", mentor.Rank, mentor.Mentor, float64(mentor.ScoreMicropoints)/1e4)
	}
}

// solve solves a cohort, which is a long-running operation: its name outlives the server.
func (i *integrator) solve(ctx context.Context, need *needspb.EngagementRequest) {
	cohort := must(call(ctx, i.matching.UpsertCohort, &matchingpb.UpsertCohortRequest{
		RequestId: "cohort-" + run,
		Cohort: &matchingpb.Cohort{ExternalId: "EX-GO-" + run, DisplayName: "Example", Programme: need.Programme,
			EngagementRequests: []string{need.Name}}})).Cohort
	operation := must(call(ctx, i.matching.SolveCohort,
		&matchingpb.SolveCohortRequest{Name: cohort.Name, RequestId: "solve-" + run}))
	for wait := 50 * time.Millisecond; !operation.Done; wait = min(2*wait, 5*time.Second) { // polled with backoff
		time.Sleep(wait)
		operation = must(call(ctx, i.operations.GetOperation,
			&longrunningpb.GetOperationRequest{Name: operation.Name}))
	}
	if failed := operation.GetError(); failed != nil {
		log.Fatalf("not solved: %v", failed)
	}
	var solved matchingpb.CohortRun
	if err := operation.GetResponse().UnmarshalTo(&solved); err != nil {
		log.Fatal(err)
	}
	fmt.Printf("solved: %d of %d needs served, certificate %s\n", solved.NeedsServed, solved.NeedCount,
		map[bool]string{true: "checked", false: "NOT CHECKED"}[solved.CertificateChecked])
}

func (i *integrator) startOfEvents(ctx context.Context) string {
	return must(call(ctx, i.events.ListEvents,
		&eventspb.ListEventsRequest{Start: eventspb.EventStart_EVENT_START_NOW})).NextCursor
}

func hasCohort(events []*eventspb.Event) bool {
	for _, event := range events {
		if strings.HasPrefix(event.Resource, "cohorts/") {
			return true
		}
	}
	return false
}

// follow follows the events from a cursor; keep the cursor with what you made of the events.
func (i *integrator) follow(ctx context.Context, cursor string, need *needspb.EngagementRequest) {
	// Polled: one page, and the cursor behind it.
	page := must(call(ctx, i.events.ListEvents, &eventspb.ListEventsRequest{Cursor: cursor, PageSize: 1}))
	events, cursor := page.Events, page.NextCursor
	for !hasCohort(events) { // followed from there
		var err error
		if events, cursor, err = i.watch(ctx, events, cursor); err != nil {
			// A stream that breaks is resumed with the last cursor.
			if status.Code(err) != codes.Unavailable {
				log.Fatal(err)
			}
			time.Sleep(time.Second)
		}
	}
	seen, own, twice := map[string]bool{}, "", "none twice"
	for _, event := range events {
		if seen[event.EventId] {
			twice = "SOME TWICE"
		}
		seen[event.EventId] = true
		if event.OwnRequestId == "upsert-"+run {
			own += event.Resource
		}
	}
	fmt.Printf("events: followed, %s, own change of the need %s\n", twice,
		map[bool]string{true: "seen", false: "NOT SEEN"}[own == need.Name])
}

// watch reads one stream until it has seen a cohort, or breaks.
func (i *integrator) watch(ctx context.Context, events []*eventspb.Event, cursor string) (
	[]*eventspb.Event, string, error) {
	ctx, leave := context.WithTimeout(ctx, 20*time.Second)
	defer leave() // ends the call
	stream, err := i.events.WatchEvents(ctx, &eventspb.WatchEventsRequest{Cursor: cursor})
	for err == nil && !hasCohort(events) {
		var step *eventspb.WatchEventsResponse
		if step, err = stream.Recv(); err == nil {
			events, cursor = append(events, step.Events...), step.Cursor
		}
	}
	return events, cursor, err
}

func (i *integrator) editTitle(ctx context.Context, need *needspb.EngagementRequest, title string) (
	*needspb.EngagementRequest, error) {
	edited := proto.Clone(need).(*needspb.EngagementRequest)
	edited.Title = title
	return call(ctx, i.needs.UpdateEngagementRequest, &needspb.UpdateEngagementRequestRequest{
		EngagementRequest: edited, UpdateMask: &fieldmaskpb.FieldMask{Paths: []string{"title"}},
		RequestId: uuid.NewString()}) // the same for every repetition
}

// loseNoUpdate: an edit with an old etag is refused; read again, apply the edit to what is now, send that.
func (i *integrator) loseNoUpdate(ctx context.Context, need *needspb.EngagementRequest) {
	must(i.editTitle(ctx, need, "Edited by somebody else")) // the etag in need is now old
	if err := failure(i.editTitle(ctx, need, "Edited by me")); reasonOf(err) != "ETAG_MISMATCH" {
		log.Fatal(err)
	}
	now := must(call(ctx, i.needs.GetEngagementRequest, &needspb.GetEngagementRequestRequest{Name: need.Name}))
	fmt.Println("edited:", must(i.editTitle(ctx, now, "Edited by me")).Title)
}

func (i *integrator) meetOtherErrors(ctx context.Context) {
	// Every violated field comes at once: show them beside their inputs.
	err := failure(call(ctx, i.needs.UpsertEngagementRequest, &needspb.UpsertEngagementRequestRequest{
		EngagementRequest: &needspb.EngagementRequest{ExternalId: "EX-BAD"}, RequestId: "bad-" + run}))
	for _, violation := range detailOf[errdetails.BadRequest](err).GetFieldViolations() {
		fmt.Printf("  field %s: %s\n", violation.Field, violation.Description)
	}
	failure(call(ctx, i.needs.GetEngagementRequest,
		&needspb.GetEngagementRequestRequest{Name: "engagementRequests/none"}))
	// Without a reason the error comes from the connection: repeat, with the same request_id.
	down := must(grpc.NewClient("127.0.0.1:1", grpc.WithTransportCredentials(insecure.NewCredentials())))
	defer down.Close()
	failure(needspb.NewNeedsServiceClient(down).ListProgrammes(ctx, &needspb.ListProgrammesRequest{}))
}

// meetTheQuota: beyond the quota the server says in a RetryInfo when to come again; call waits for so long.
func (i *integrator) meetTheQuota(ctx context.Context, need *needspb.EngagementRequest) {
	get := &needspb.GetEngagementRequestRequest{Name: need.Name}
	for sent := 0; sent < mostCalls; sent += 200 {
		refusals := make(chan error, 200)
		var all sync.WaitGroup
		for range cap(refusals) {
			all.Go(func() {
				if _, err := i.needs.GetEngagementRequest(ctx, get); err != nil {
					refusals <- err
				}
			})
		}
		all.Wait()
		if len(refusals) == 0 {
			continue
		}
		failure(need, <-refusals)
		must(call(ctx, i.needs.GetEngagementRequest, get))
		fmt.Println("quota: waited as RetryInfo says, then answered")
		return
	}
	fmt.Println("quota: not reached")
}

func main() {
	if len(os.Args) != 3 {
		log.Fatal("integrator ADDRESS SERVICE_CONFIG")
	}
	connection := must(connect(os.Args[1], os.Args[2]))
	defer connection.Close()
	ctx := as(context.Background(), "programme-system", "example-go-"+run)
	i := &integrator{
		needs:      needspb.NewNeedsServiceClient(connection),
		profiles:   profilespb.NewProfilesServiceClient(connection),
		matching:   matchingpb.NewMatchingServiceClient(connection),
		events:     eventspb.NewEventsServiceClient(connection),
		operations: longrunningpb.NewOperationsClient(connection),
	}
	cursor := i.startOfEvents(ctx)
	need := i.upsert(ctx, i.newNeed(ctx))
	i.rank(ctx, need)
	i.solve(ctx, need)
	i.follow(ctx, cursor, need)
	i.loseNoUpdate(ctx, need)
	i.meetOtherErrors(ctx)
	i.meetTheQuota(ctx, need)
}
