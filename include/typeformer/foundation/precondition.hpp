// SPDX-License-Identifier: BSL-1.0
#pragma once

/// Traps where a documented precondition of an inner interface is broken; nothing in builds that define `NDEBUG`.
#ifdef NDEBUG
#define TYPEFORMER_PRECONDITION(...) static_cast<void>(0)
#else
#define TYPEFORMER_PRECONDITION(...) static_cast<void>((__VA_ARGS__) ? 0 : (__builtin_trap(), 0))
#endif
