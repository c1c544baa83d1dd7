// SPDX-License-Identifier: BSL-1.0
// The only unit of the libraries that own the precompiled headers.
