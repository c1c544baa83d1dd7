// SPDX-License-Identifier: BSL-1.0
#pragma once

/// Traps if a documented precondition of an internal interface does not hold. It does nothing in builds that define
/// `NDEBUG`.
#ifdef NDEBUG
#define TYPEFORMER_PRECONDITION(...) static_cast<void>(0)
#else
#define TYPEFORMER_PRECONDITION(...) static_cast<void>((__VA_ARGS__) ? 0 : (__builtin_trap(), 0))
#endif
