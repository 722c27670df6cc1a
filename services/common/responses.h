// From the results of a ResourceTable to the responses of the standard methods, whose messages
// differ only in the name of the resource.
#ifndef SERVICES_COMMON_RESPONSES_H_
#define SERVICES_COMMON_RESPONSES_H_

#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "google/protobuf/repeated_field.h"
#include "services/common/paging.h"
#include "services/common/resource_table.h"

namespace tandem::common {

// The query in a List...Request, or, without a filter, in a List...RevisionsRequest.
template <typename Request>
ListQuery ListQueryOf(const Request& request) {
  return {request.page_size(), request.page_token(), request.filter()};
}
template <typename Request>
ListQuery HistoryQueryOf(const Request& request) {
  return {request.page_size(), request.page_token(), ""};
}

// Appends `resources` to a field of a response.
template <typename T>
void MoveTo(google::protobuf::RepeatedPtrField<T>* field, std::vector<T>* resources) {
  field->Reserve(static_cast<int>(resources->size()));
  for (T& resource : *resources) *field->Add() = std::move(resource);
}

// A page without a revision, as of history; `resources` is the response's accessor, for example
// &R::mutable_programmes.
template <typename Response, typename T>
absl::StatusOr<Response> HistoryResponseOf(
    absl::StatusOr<Page<T>> page, google::protobuf::RepeatedPtrField<T>* (Response::*resources)()) {
  if (!page.ok()) return page.status();
  Response response;
  MoveTo((response.*resources)(), &page->resources);
  response.set_next_page_token(std::move(page->next_page_token));
  return response;
}

// A page of a listing.
template <typename Response, typename T>
absl::StatusOr<Response> ListResponseOf(
    absl::StatusOr<Page<T>> page, google::protobuf::RepeatedPtrField<T>* (Response::*resources)()) {
  const storage::Revision revision = page.ok() ? page->revision : 0;
  absl::StatusOr<Response> response = HistoryResponseOf(std::move(page), resources);
  if (response.ok()) response->set_revision(revision);
  return response;
}

// Several resources that were asked for by name.
template <typename Response, typename T>
absl::StatusOr<Response> BatchGetResponseOf(
    absl::StatusOr<Page<T>> page, google::protobuf::RepeatedPtrField<T>* (Response::*resources)()) {
  if (!page.ok()) return page.status();
  Response response;
  MoveTo((response.*resources)(), &page->resources);
  response.set_revision(page->revision);
  return response;
}

// What an upsert did; `resource` is for example &R::mutable_programme.
template <typename Response, typename T>
absl::StatusOr<Response> UpsertResponseOf(absl::StatusOr<UpsertResult<T>> result,
                                          T* (Response::*resource)()) {
  if (!result.ok()) return result.status();
  Response response;
  *(response.*resource)() = std::move(result->resource);
  response.set_created(result->created);
  response.set_updated(result->updated);
  return response;
}

// What a batch did.
template <typename Response>
absl::StatusOr<Response> BatchResponseOf(absl::StatusOr<WriteOutcome> outcome) {
  if (!outcome.ok()) return outcome.status();
  Response response;
  for (std::string& name : outcome->answer.names) response.add_names(std::move(name));
  response.set_created_count(outcome->answer.created);
  response.set_updated_count(outcome->answer.updated);
  response.set_unchanged_count(outcome->answer.unchanged);
  response.set_revision(outcome->revision);
  return response;
}

}  // namespace tandem::common

#endif  // SERVICES_COMMON_RESPONSES_H_
