package main

import (
	"context"
	"fmt"
	"os"
	"time"

	"google.golang.org/genproto/googleapis/rpc/code"
	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
)

const maxAttempts = 8

// connect makes a connection that waits and repeats as the published service config says.
func connect(address, serviceConfig string) (*grpc.ClientConn, error) {
	config, err := os.ReadFile(serviceConfig)
	if err != nil {
		return nil, err
	}
	return grpc.NewClient(address,
		grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithDefaultServiceConfig(string(config)))
}

// as says who calls. On loopback a server without credentials believes it; elsewhere a token stands here.
func as(ctx context.Context, role, actor string) context.Context {
	return metadata.AppendToOutgoingContext(ctx, "tandem-role", role, "tandem-actor", actor)
}

// detailOf is the detail of that type which Tandem attached to an error, or nil.
func detailOf[T any](err error) *T {
	for _, detail := range status.Convert(err).Details() {
		if found, ok := detail.(*T); ok {
			return found
		}
	}
	return nil
}

// reasonOf is "ETAG_MISMATCH" and so on; empty when the error is not Tandem's but comes from the connection.
func reasonOf(err error) string {
	if info := detailOf[errdetails.ErrorInfo](err); info != nil && info.Domain == "tandem" {
		return info.Reason
	}
	return ""
}

// call calls, and repeats the SAME request where that helps.
//
// A write is safe to repeat, even after a lost connection, because its request_id stays the same: if the first one was
// committed, its answer comes again. The service config makes the quick repetitions already; this goes on for longer,
// and waits as the server asks when a quota is used up.
func call[Request, Answer any](ctx context.Context,
	method func(context.Context, Request, ...grpc.CallOption) (Answer, error), request Request) (Answer, error) {
	for attempt := 1; ; attempt++ {
		answer, err := method(ctx, request)
		if err == nil || attempt == maxAttempts {
			return answer, err
		}
		wait := min(100*time.Millisecond<<attempt, 5*time.Second)
		if retry := detailOf[errdetails.RetryInfo](err); retry != nil {
			wait = retry.RetryDelay.AsDuration() // RESOURCE_EXHAUSTED by rate, a server that restarts
		} else if code := status.Code(err); code != codes.Unavailable && code != codes.DeadlineExceeded {
			return answer, err // repeating does not help: the caller decides by code and reason
		}
		select {
		case <-time.After(wait):
		case <-ctx.Done():
			return answer, err
		}
	}
}

// must is for calls that have to succeed; a real program returns the error.
func must[Answer any](answer Answer, err error) Answer {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	return answer
}

// failure prints the error of a call that is to fail.
func failure[Answer any](_ Answer, err error) error {
	if err == nil {
		fmt.Fprintln(os.Stderr, "the call did not fail")
		os.Exit(1)
	}
	reason := reasonOf(err)
	if reason == "" {
		reason = "no reason: repeat"
	}
	fmt.Println("error:", code.Code(status.Code(err)), reason) // code.Code writes codes as the protos do
	return err
}
