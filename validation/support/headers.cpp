// SPDX-License-Identifier: GPL-3.0-or-later
// Empty: CMake precompiles headers for a target with a source that uses them.
