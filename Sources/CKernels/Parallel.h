#pragma once

// Calls `body` with each number 0 ..< parts, on as many threads where there are, and returns when all calls have.
void fovea_parallel(int parts, void (*body)(void *context, int part), void *context);
