// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cerrno>
#include <csignal>
#include <cstring>
#include <string>
#include <vector>

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

extern char** environ;

namespace processes {

/// Runs a program to its end; what it writes goes into the file `log`. Ctrl-C ends the program, and not this one, which
/// can then clear up. Returns its exit code, 128 and more after a signal, -1 if it could not be started (see `errno`).
inline int run_program(const std::vector<std::string>& command, const std::string& log) {
  std::vector<char*> arguments;
  for (const std::string& each : command) arguments.push_back(const_cast<char*>(each.c_str()));
  arguments.push_back(nullptr);

  ::posix_spawn_file_actions_t files;
  ::posix_spawn_file_actions_init(&files);
  ::posix_spawn_file_actions_addopen(&files, 0, "/dev/null", O_RDONLY, 0);
  ::posix_spawn_file_actions_addopen(&files, 1, log.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0666);
  ::posix_spawn_file_actions_adddup2(&files, 1, 2);
  ::posix_spawnattr_t how;
  ::posix_spawnattr_init(&how);
  ::sigset_t defaults;
  ::sigemptyset(&defaults);
  ::sigaddset(&defaults, SIGINT), ::sigaddset(&defaults, SIGTERM);
  ::posix_spawnattr_setsigdefault(&how, &defaults);
  ::posix_spawnattr_setflags(&how, POSIX_SPAWN_SETSIGDEF);

  const auto interrupt = std::signal(SIGINT, SIG_IGN), terminate = std::signal(SIGTERM, SIG_IGN);
  ::pid_t child = 0;
  const int problem = ::posix_spawnp(&child, command[0].c_str(), &files, &how, arguments.data(), environ);
  int status = 0;
  while (problem == 0 && ::waitpid(child, &status, 0) < 0 && errno == EINTR) {}
  std::signal(SIGINT, interrupt), std::signal(SIGTERM, terminate);
  ::posix_spawn_file_actions_destroy(&files);
  ::posix_spawnattr_destroy(&how);
  if (problem != 0) return errno = problem, -1;
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace processes
