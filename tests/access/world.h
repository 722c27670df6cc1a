// Every service in one process on real databases, with mentors, organisations and what belongs to
// them: what the tests of access stand on.
#ifndef TANDEM_TESTS_ACCESS_WORLD_H_
#define TANDEM_TESTS_ACCESS_WORLD_H_

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/temp_dir.h"
#include "services/common/access/object_scope.h"
#include "services/common/method_registry.h"
#include "services/common/server.h"
#include "services/tandemd/all_services.h"

namespace tandem::tests {

// An object with its owners as they were written, which the server has to find out.
struct OwnedObject {
  std::string name;
  common::Owners owners;
};

class World {
 public:
  // Writes two mentors and three organisations, and `count` assessments, requests and matches of
  // random owners (drawn from `seed`) beside the few that the tests name. Fails the test when it
  // cannot.
  World(int count, uint64_t seed);
  ~World();

  common::Server& server() { return *server_; }
  // The methods as the server serves them.
  const common::MethodRegistry& registry() const { return *registry_; }

  const std::vector<std::string>& mentors() const { return mentors_; }
  const std::vector<std::string>& organisations() const { return organisations_; }
  // By kind: "assessment", "request", "match", "mentor", "organisation", "programme". The first of
  // assessments, requests and matches belongs to the first mentor and organisation, the second to
  // the second; the third request is shared by the first two organisations, the third match only
  // proposed.
  const std::vector<OwnedObject>& objects(const std::string& kind) const {
    return objects_.at(kind);
  }

 private:
  void Start();
  void Stop();
  void AddPeople();
  void AddNeeds(int count, uint64_t seed);
  void AddMatches(int count, uint64_t seed);

  base::TempDir folder_;
  std::unique_ptr<tandemd::AllServices> services_;
  const common::MethodRegistry* registry_ = nullptr;
  std::unique_ptr<common::Server> server_;
  std::vector<std::string> mentors_;
  std::vector<std::string> organisations_;
  std::map<std::string, std::vector<OwnedObject>> objects_;
};

}  // namespace tandem::tests

#endif  // TANDEM_TESTS_ACCESS_WORLD_H_
