#include <stdatomic.h>

#include "Kernels.h"
#include "Parallel.h"

// A unit of work: some tiles of all examples', which follow each other, and some of the filters. Its transformed tiles and a group of
// filters' products with them stay in a core's second-level cache, and the weights of one position for a panel of filters in its first.
enum {
  GROUP_FILTERS = 64, FEWEST_TILES = 24, MOST_TILES = 96, ROOM = 112 * 1024, TAPS = 9,
  // What it takes to read a weight, in multiplications with it.
  READING = 6,
  // Of more channels and filters than these, transformed weights are more than caches hold. So they stay as they are but for their
  // order, and each unit of work transforms some channels of a group of filters as it comes to them.
  KEPT_PAIRS = 1 << 16, BLOCK_CHANNELS = 64
};

static bool areKept(int channels, int filters) { return (long)channels * filters <= KEPT_PAIRS; }

typedef struct {
  long across, down, tiles;
  int tilesInUnit, units;
  // Into how many parts the filters are cut, where there are few tiles.
  int parts, groupFilters;
  // From one position to the next, for transformed tiles and for products. A tile more than there are, for an odd one's company, and
  // a little more, so that positions do not meet in the same lines of the first cache.
  long spreadPitch, productPitch;
  long scratch;
} layout;

static long roundedUp(long value, long to) { return (value + to - 1) / to * to; }

static layout layoutOf(const fovea_winograd *s) {
  layout l;
  l.across = (s->outputWidth + WINOGRAD_OUTPUTS - 1) / WINOGRAD_OUTPUTS;
  l.down = (s->outputHeight + WINOGRAD_OUTPUTS - 1) / WINOGRAD_OUTPUTS;
  l.tiles = s->batch * l.down * l.across;
  l.groupFilters = s->filters < GROUP_FILTERS ? s->filters : GROUP_FILTERS;
  const int threads = s->threads < 1 ? 1 : s->threads, groups = (s->filters + l.groupFilters - 1) / l.groupFilters;
  // Few enough for the cache, but each unit reads all weights.
  long most = ROOM / (WINOGRAD_POSITIONS * (long)(s->channels + l.groupFilters));
  const long fewestTiles = areKept(s->channels, s->filters) ? FEWEST_TILES : MOST_TILES;
  most = most < fewestTiles ? fewestTiles : most > MOST_TILES ? MOST_TILES : most;
  // As many units as threads share evenly, or fewer whose filters are cut into parts: whichever is done first.
  double least = 0;
  const long fewest = (l.tiles + most - 1) / most;
  for (int cuts = 0; cuts < 2; cuts++) {
    const long units = cuts ? fewest : roundedUp(fewest, threads);
    const int inUnit = (int)roundedUp((l.tiles + units - 1) / units, 2);
    const int count = (int)((l.tiles + inUnit - 1) / inUnit);
    const int parts = count >= threads ? 1 : fovea_parts((threads + count - 1) / count, groups);
    // In multiplications; those of a transformation are about as many as with so many filters, and to read a weight takes as long as
    // to multiply with some.
    const double each = inUnit * ((double)s->filters / parts + 16) + READING * ((double)s->filters / parts);
    const double time = (double)((count * parts + threads - 1) / threads) * each;
    if (cuts && time >= least) break;
    least = time;
    l.tilesInUnit = inUnit;
    l.units = count;
    l.parts = parts;
  }
  l.spreadPitch = (l.tilesInUnit + 1L) * s->channels + 16;
  l.productPitch = (l.tilesInUnit + 1L) * l.groupFilters + 16;
  l.scratch = WINOGRAD_POSITIONS * (l.spreadPitch + l.productPitch);
  if (!areKept(s->channels, s->filters)) l.scratch += WINOGRAD_POSITIONS * ((long)l.groupFilters * BLOCK_CHANNELS + 16);
  return l;
}

size_t fovea_winograd_weights(int32_t channels, int32_t filters) {
  return (size_t)channels * filters * (areKept(channels, filters) ? WINOGRAD_POSITIONS : TAPS);
}

size_t fovea_winograd_scratch(const fovea_winograd *s) {
  const layout l = layoutOf(s);
  return (size_t)fovea_parts(s->threads, l.units * l.parts) * (size_t)l.scratch;
}

typedef struct {
  const fovea_winograd *s;
  const fovea_winograd_kernels *kernels;
  bool isGradient;
  const float *weights;
  float *transformed;
  int parts;
} transform_job;

// Where the weights of a position are for the panel that begins with `filter`: all are read one after the other, group by group.
static long placeOf(long channels, long filters, long filter, long position) {
  const long group = filter / GROUP_FILTERS * GROUP_FILTERS;
  const long inGroup = filters - group < GROUP_FILTERS ? filters - group : GROUP_FILTERS;
  return (group * WINOGRAD_POSITIONS + position * inGroup + filter - group) * channels;
}

// Some channels' weights for a panel of filters, each of which has a lane: [channels][9][16].
static void packPanel(const transform_job *job, long panel, long channel, int count, float *to) {
  const long channels = job->s->channels, filters = job->s->filters;
  for (long c = channel; c < channel + count; c++, to += TAPS * WINOGRAD_PANEL) {
    for (long f = 0; f < WINOGRAD_PANEL; f++) {
      const long filter = panel * WINOGRAD_PANEL + f;
      const float *from = job->weights + (job->isGradient ? c * filters + filter : filter * channels + c) * TAPS;
      for (int i = 0; i < TAPS; i++) to[i * WINOGRAD_PANEL + f] = from[job->isGradient ? TAPS - 1 - i : i];
    }
  }
}

static void transformPanel(const transform_job *job, long panel) {
  const long channels = job->s->channels, filters = job->s->filters;
  if (!areKept(job->s->channels, job->s->filters)) {
    packPanel(job, panel, 0, (int)channels, job->transformed + panel * channels * TAPS * WINOGRAD_PANEL);
    return;
  }
  enum { AT_ONCE = 16 };  // Channels are a multiple of it.
  float packed[AT_ONCE * TAPS * WINOGRAD_PANEL];
  float *to = job->transformed + placeOf(channels, filters, panel * WINOGRAD_PANEL, 0);
  const long pitch = job->transformed + placeOf(channels, filters, panel * WINOGRAD_PANEL, 1) - to;
  for (long c = 0; c < channels; c += AT_ONCE) {
    packPanel(job, panel, c, AT_ONCE, packed);
    job->kernels->transform(packed, AT_ONCE, to + c * WINOGRAD_PANEL, pitch);
  }
}

static void transformPart(void *context, int part) {
  const transform_job *job = context;
  const int panels = job->s->filters / WINOGRAD_PANEL;
  for (int panel = fovea_part(panels, part, job->parts); panel < fovea_part(panels, part + 1, job->parts); panel++) {
    transformPanel(job, panel);
  }
}

void fovea_winograd_transform(const fovea_winograd *s, fovea_instructions instructions, bool isGradient, const float *weights,
                              float *transformed) {
  transform_job job = {s, fovea_kernels_of(instructions)->winograd, isGradient, weights, transformed,
                       fovea_parts(s->threads, s->filters / WINOGRAD_PANEL)};
  fovea_parallel(job.parts, transformPart, &job);
}

typedef struct {
  const fovea_winograd *s;
  const fovea_winograd_kernels *kernels;
  layout l;
  const float *x, *weights, *bias;
  float *y, *scratch;
  atomic_int next;
} job;

static int limited(long value, int most) { return value < 0 ? 0 : value > most ? most : (int)value; }

// The tiles of a unit of work, in the order in which they are multiplied: those at the right edge, all others, those at the bottom,
// and those in the corner. So for each position, the ones that it is of use for lie side by side.
enum { RIGHT, INNER, BOTTOM, CORNER, KINDS };

typedef struct {
  long first;
  int count;
  // Where each kind begins, and the last ends.
  int starts[KINDS + 1];
  int16_t rows[MOST_TILES + 2];
} unit;

static int kindOf(const job *job, long tile) {
  const fovea_winograd *s = job->s;
  const long inTile = job->l.down * job->l.across;
  const bool isBottom = (tile % inTile / job->l.across + 1) * WINOGRAD_OUTPUTS > s->outputHeight;
  const bool isRight = (tile % job->l.across + 1) * WINOGRAD_OUTPUTS > s->outputWidth;
  return isBottom ? (isRight ? CORNER : BOTTOM) : isRight ? RIGHT : INNER;
}

static unit unitOf(const job *job, long first) {
  unit unit = {.first = first, .count = limited(job->l.tiles - first, job->l.tilesInUnit)};
  for (int t = 0; t < unit.count; t++) unit.starts[kindOf(job, first + t) + 1]++;
  for (int kind = 0; kind < KINDS; kind++) unit.starts[kind + 1] += unit.starts[kind];
  int next[KINDS];
  for (int kind = 0; kind < KINDS; kind++) next[kind] = unit.starts[kind];
  for (int t = 0; t < unit.count; t++) unit.rows[t] = (int16_t)next[kindOf(job, first + t)]++;
  return unit;
}

// How many outputs the last tile of an axis makes.
static int lastOutputs(int outputs) { return (outputs - 1) % WINOGRAD_OUTPUTS + 1; }

// The unit's tiles that a position is of use for.
static void rangeOf(const job *job, const unit *unit, long position, int *begin, int *end) {
  const bool hasRow = fovea_winograd_is_used((int)(position / WINOGRAD_SIDE), lastOutputs(job->s->outputHeight));
  const bool hasColumn = fovea_winograd_is_used((int)(position % WINOGRAD_SIDE), lastOutputs(job->s->outputWidth));
  *begin = unit->starts[hasColumn ? RIGHT : INNER];
  *end = unit->starts[!hasRow ? BOTTOM : !hasColumn ? CORNER : KINDS];
}

static void spread(const job *job, const unit *unit, float *to) {
  const fovea_winograd *s = job->s;
  const long plane = (long)s->height * s->width, inTile = job->l.down * job->l.across;
  for (int t = 0; t < unit->count; t++) {
    const long tile = unit->first + t, example = tile / inTile;
    const long outputRow = tile % inTile / job->l.across * WINOGRAD_OUTPUTS, outputColumn = tile % job->l.across * WINOGRAD_OUTPUTS;
    const long row = outputRow - s->top, column = outputColumn - s->left;
    const fovea_winograd_tile place = {
        .row = (long)s->width * s->inputLanes, .pixel = s->inputLanes, .block = plane * s->inputLanes, .lanes = s->inputLanes,
        .firstRow = limited(-row, WINOGRAD_SIDE), .endRow = limited(s->height - row, WINOGRAD_SIDE),
        .firstColumn = limited(-column, WINOGRAD_SIDE), .endColumn = limited(s->width - column, WINOGRAD_SIDE),
        .outputRows = limited(s->outputHeight - outputRow, WINOGRAD_OUTPUTS),
        .outputColumns = limited(s->outputWidth - outputColumn, WINOGRAD_OUTPUTS)};
    const float *x = job->x + example * plane * s->channels + (row * s->width + column) * s->inputLanes;
    job->kernels->spread(&place, x, s->channels, to + (long)unit->rows[t] * s->channels, job->l.spreadPitch);
  }
}

static void gather(const job *job, const unit *unit, const float *products, int filter, int filters) {
  const fovea_winograd *s = job->s;
  const long plane = (long)s->outputHeight * s->outputWidth, inTile = job->l.down * job->l.across;
  for (int t = 0; t < unit->count; t++) {
    const long tile = unit->first + t;
    const long row = tile % inTile / job->l.across * WINOGRAD_OUTPUTS, column = tile % job->l.across * WINOGRAD_OUTPUTS;
    const fovea_winograd_tile place = {
        .row = (long)s->outputWidth * s->outputLanes, .pixel = s->outputLanes, .block = plane * s->outputLanes,
        .lanes = s->outputLanes, .outputRows = limited(s->outputHeight - row, WINOGRAD_OUTPUTS),
        .outputColumns = limited(s->outputWidth - column, WINOGRAD_OUTPUTS)};
    float *y = job->y + tile / inTile * plane * s->filters + (row * s->outputWidth + column) * s->outputLanes +
               filter / s->outputLanes * place.block + filter % s->outputLanes;
    job->kernels->gather(&place, products + (long)unit->rows[t] * filters, job->l.productPitch, filters,
                         job->bias ? job->bias + filter : NULL, s->adds, s->rectifies, y);
  }
}

// The products of some channels with the weights of a position for some filters, panels of which are `step` floats apart.
static void multiplyPosition(const job *job, const unit *unit, long position, const float *tiles, int channel, int channels,
                             const float *weights, long step, float *products, int filters) {
  int begin, end;
  rangeOf(job, unit, position, &begin, &end);
  if (begin == end) return;
  const float *v = tiles + position * job->l.spreadPitch + (long)begin * job->s->channels + channel;
  float *m = products + position * job->l.productPitch + (long)begin * filters;
  for (int f = 0; f < filters; f += WINOGRAD_PANEL, weights += step) {
    // An odd one has another beside it, whatever that is.
    job->kernels->multiply(v, job->s->channels, (end - begin + 1) / 2 * 2, channels, weights, channel > 0, m + f, filters);
  }
}

static void multiply(const job *job, const unit *unit, const float *tiles, float *products, int filter, int filters) {
  const int channels = job->s->channels;
  for (long p = 0; p < WINOGRAD_POSITIONS; p++) {
    multiplyPosition(job, unit, p, tiles, 0, channels, job->weights + placeOf(channels, job->s->filters, filter, p),
                     (long)channels * WINOGRAD_PANEL, products, filters);
  }
}

// The same by weights that are transformed on the way, some channels after the other.
static void transformAndMultiply(const job *job, const unit *unit, const float *tiles, float *products, float *transformed,
                                 int filter, int filters) {
  const int channels = job->s->channels;
  const long pitch = (long)filters * BLOCK_CHANNELS + 16;
  for (int c = 0; c < channels; c += BLOCK_CHANNELS) {
    const int count = channels - c < BLOCK_CHANNELS ? channels - c : BLOCK_CHANNELS;
    for (int f = 0; f < filters; f += WINOGRAD_PANEL) {
      const long panel = (filter + f) / WINOGRAD_PANEL;
      job->kernels->transform(job->weights + (panel * channels + c) * TAPS * WINOGRAD_PANEL, count,
                              transformed + (long)f * BLOCK_CHANNELS, pitch);
    }
    for (long p = 0; p < WINOGRAD_POSITIONS; p++) {
      multiplyPosition(job, unit, p, tiles, c, count, transformed + p * pitch, (long)BLOCK_CHANNELS * WINOGRAD_PANEL, products,
                       filters);
    }
  }
}

static void work(void *context, int thread) {
  job *job = context;
  const fovea_winograd *s = job->s;
  const layout *l = &job->l;
  float *tiles = job->scratch + thread * l->scratch, *products = tiles + WINOGRAD_POSITIONS * l->spreadPitch;
  const int groups = (s->filters + l->groupFilters - 1) / l->groupFilters;
  for (int number; (number = atomic_fetch_add(&job->next, 1)) < l->units * l->parts;) {
    const long first = number / l->parts * (long)l->tilesInUnit;
    const int part = number % l->parts;
    const unit unit = unitOf(job, first);
    spread(job, &unit, tiles);
    for (int g = fovea_part(groups, part, l->parts); g < fovea_part(groups, part + 1, l->parts); g++) {
      const int filter = g * l->groupFilters;
      const int filters = s->filters - filter < l->groupFilters ? s->filters - filter : l->groupFilters;
      if (areKept(s->channels, s->filters)) {
        multiply(job, &unit, tiles, products, filter, filters);
      } else {
        transformAndMultiply(job, &unit, tiles, products, products + WINOGRAD_POSITIONS * l->productPitch, filter,
                             filters);
      }
      gather(job, &unit, products, filter, filters);
    }
  }
}

void fovea_winograd_convolve(const fovea_winograd *s, fovea_instructions instructions, const float *x,
                             const float *transformed, const float *bias, float *y, float *scratch) {
  const fovea_winograd_kernels *kernels = fovea_kernels_of(instructions)->winograd;
  job job = {.s = s, .kernels = kernels, .l = layoutOf(s), .x = x, .weights = transformed, .bias = bias, .y = y,
             .scratch = scratch};
  fovea_parallel(fovea_parts(s->threads, job.l.units * job.l.parts), work, &job);
}
