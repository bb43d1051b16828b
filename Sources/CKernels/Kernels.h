#pragma once

#include "include/CKernels.h"

// What each set of instructions has: a table of functions, in families. Passes/ calls them; Loops/ writes them.

// For pooled convolutions, for one width of vectors. `Lanes` below is that width: 4, 8 or 16 floats.
typedef struct {
  int lanes;

  // One row of a convolution, for one block of `lanes` filters at once:
  //   out[p][f] = Σ_r Σ_t x[r·pitch + p·step + t] · w[r][t][f],   r < rows, t < run, p < count, f < lanes
  // Channels lie innermost in x, so that one row of the kernel is one run of kernelWidth·channels floats. Filters are
  // the lanes, whatever their number of channels; the accumulators of up to 24 positions stay in registers, and each
  // multiplication reads one broadcast float.
  void (*row)(const float *x, long pitch, long step, const float *w, int rows, int run, int count, float *out);

  // The largest of each window of convolved rows `[height][rowStride]`, `lanes` filters at once, first one on a tie,
  // plus the bias, rectified where asked for. `winners` may be null.
  void (*pool)(const float *rows, long rowStride, int height, int width, int count, const float *bias, int rectify,
               float *out, long outStride, uint8_t *winners, long winnerStride);

  // destination[r][l] += Σ_i factors[i] · source[offsets[i] + r·sourcePitch + l],   r < rows, l < vectors·lanes
  // Both backward passes are sums of this kind: a weight's gradient is a sum of pieces of the image, an image's
  // gradient one of pieces of the kernel, each piece `rows` runs long.
  void (*accumulate)(float *destination, long destinationPitch, const float *source, long sourcePitch,
                     const int32_t *offsets, const float *factors, int count, int rows, int vectors);
} fovea_vector_kernels;

// What both passes do first: list what has a gradient. They write whole vectors, so that lists need LIST_FILL more
// elements than they can hold, and the order is that of the index, so that all instruction sets give the same sums.
enum { LIST_FILL = 16 };

typedef struct {
  // passed[i] = gradient[i], or 0 where the rectifier has cut y[i] off.
  void (*passed)(int count, int rectifies, const float *y, const float *gradient, float *passed);

  // For i < count with factors[i] ≠ 0: the factor, and base + places[i] + elements[winners[i]]. Returns how many.
  int (*windows)(int count, const float *factors, const uint8_t *winners, const int32_t *places,
                 const int32_t *elements, int elementCount, int32_t base, float *listed, int32_t *offsets);

  // For each element e of a window, those i < count with factors[i] ≠ 0 and winners[i] = e: the factor, and i·stride, at
  // `listed + e·pitch`; and how many of them there are.
  void (*filters)(int count, const float *factors, const uint8_t *winners, int elementCount, int32_t stride,
                  long pitch, float *listed, int32_t *offsets, int32_t *counts);
} fovea_list_kernels;

// How many examples lie side by side where they are interleaved: the lanes of the widest vectors.
enum { INTERLEAVED = 16 };

// A group of interleaved examples, [channels][rows][columns][INTERLEAVED], padded, and what moves over it.
typedef struct {
  int channels;
  // Floats from a row to the next, from a channel to the next, and from an element of a window to those right of and
  // below it.
  long pitch, plane, right, down;
  int kernelHeight, kernelWidth, windowHeight, windowWidth;
  // Windows in a row of the output, and in a map.
  int outputWidth, windows;
  bool rectifies;
} fovea_interleaved_input;

typedef struct {
  // All windows of all filters for one group. `kernel` is in plain order; `bias` may be null.
  void (*convolve)(const fovea_interleaved_input *input, const float *source, const float *kernel, const float *bias,
                   int filters, float *y);

  // y[g][u][lane] = bias[u] + Σ_k weights[u][k] · x[g][k][lane], for g < groups
  void (*multiply)(const float *x, int groups, const float *weights, const float *bias, int inputs, int outputs,
                   bool rectify, float *y);
} fovea_interleaved_kernels;

// A row of one input map under a row of one kernel.
typedef struct {
  const float *x, *w;
} fovea_connected_row;

// The maps of one pair of a connection table, in rows of INTERLEAVED floats an element.
typedef struct {
  int width, outputHeight, outputWidth, kernelHeight, kernelWidth;
} fovea_connected_maps;

// For one group of interleaved examples.
typedef struct {
  // y[p] = start + Σ_r Σ_v rows[r].w[v·tapStep] · rows[r].x[p + v],   r < count, v < kernelWidth, p < width
  void (*row)(const fovea_connected_row *rows, int count, int kernelWidth, long tapStep, int width, float start,
              float *y);
  // sums[u][v] += Σ g[i][j] · x[i + u][j + v]
  void (*products)(const fovea_connected_maps *maps, const float *x, const float *g, float *sums);
  // sum += Σ x[k], k < count
  void (*add)(long count, const float *x, float *sum);
  // One map each. `sums` are those of coefficient and bias, on top of which the map's come; so does `xGradient`.
  void (*subsample)(const fovea_subsampling *s, const float *x, float coefficient, float bias, float *y);
  void (*subsampleBackward)(const fovea_subsampling *s, bool squares, const float *x, const float *gradient,
                            float coefficient, float *xGradient, float *sums);
} fovea_connected_kernels;

enum {
  PRODUCT_TAPS = 5,
  // Sums of windows that are held at a time.
  SUBSAMPLING_CHUNK = 256,
};

// A plane convolution, with the sizes that its loops need. Output position p = i·width + j lies under input position p,
// so that all positions are one run and the tap (u, v) reads the same run, u·width + v further on. What comes out between
// the rows, where the kernel reaches around the edge, is thrown away.
typedef struct {
  int channels, width, filters, kernelHeight, kernelWidth, outputHeight, outputWidth;
  // From one channel of the input to the next; weights of a filter; positions of a map, filled up to whole tiles.
  long inputPlane, filterSize, positions;
} fovea_plane;

// A convolution by a connection table, the example's maps lying one after the other.
typedef struct {
  int kernelHeight, kernelWidth, width, outputHeight, outputWidth;
  // From one tap of the kernel to the next below and beside it, in the map that is read.
  long tapRow, tapColumn;
  // To be computed, in whole vectors of the widest kind.
  long positions;
  // From one channel of the input to the next; filters, filled up to whole vectors of the widest kind.
  long inputPlane, filterPitch;
} fovea_connected_plane;

// A map that one or both of two outputs see, and by which weights; null where one does not.
typedef struct {
  const float *x;
  const float *weights[2];
} fovea_seen_map;

// For examples that lie apart.
typedef struct {
  int lanes;
  // out[f][p] = Σ x[c][p + u·width + v] · w[f][c][u][v]
  void (*correlate)(const fovea_plane *p, const float *x, const float *w, float *out);
  void (*gather)(const fovea_plane *p, const float *from, const float *bias, float *y);
  // sums[f][c][u][v][lane] += Σ x[c][p + u·width + v] · g[f][p], for the filters first ..< end
  void (*products)(const fovea_plane *p, const float *x, const float *g, int first, int end, float *sums);
  void (*spread)(const fovea_plane *p, const float *g, float *to, float *mapSums);
  // out[o][p] = Σ over `seen`: x[p + u·tapRow + v·tapColumn] · weights[o][u][v]. The second output may be null.
  void (*correlatePair)(const fovea_connected_plane *p, const fovea_seen_map *seen, int count, float *const *out);
  // sums[c][u][v][filter] += Σ x[c][i + u][j + v] · g[i][j][filter], for the channels first ..< end
  void (*filterProducts)(const fovea_connected_plane *p, const float *x, const float *g, int firstChannel,
                         int endChannel, float *sums);
  void (*squash)(long count, float amplitude, float slope, const float *x, float *y);
  void (*squashGradient)(long count, float amplitude, float slope, const float *y, const float *yGradient,
                         float *xGradient);
  // One map.
  void (*subsample)(const fovea_subsampling *s, const float *x, float coefficient, float bias, float *y);
  void (*subsampleBackward)(const fovea_subsampling *s, bool squares, const float *x, const float *gradient,
                            float coefficient, float *xGradient, float *coefficientGradient, float *biasGradient);
} fovea_plane_kernels;

// For large dense layers, and for optimizers.
typedef struct {
  int lanes;
  // So many rows or examples are computed at once at most, and so many vectors or units.
  int rows;

  // out[i][j] = Σ_t a[i·rowStep + t·termStep] · m[t·pitch + j],   i < count, j < width; on top of what is there if `adds`.
  // The sum runs over t in order for each element by itself, whatever the blocks are.
  void (*outer)(const float *a, long rowStep, long termStep, const float *m, long pitch, int terms, int count,
                int width, float *out, long outPitch, bool adds);

  // As much of w as `units` lie behind them may be asked for ahead of time, but is not read.
  // sums[(e·units + u)·lanes + l] (+)= Σ_i x[e·xPitch + i·lanes + l] · w[u·wPitch + i·lanes + l],   i < vectors
  void (*dots)(const float *x, long xPitch, int examples, const float *w, long wPitch, int units, int vectors,
               float *sums, bool adds);

  // The sum of the lanes of each of `count` vectors.
  void (*lanesSums)(const float *vectors, int count, float *sums);

  // The optimizers' rules, as CKernels.h has them.
  fovea_magnitudes (*adam)(const fovea_adam *rule, const fovea_weight_block *block);
  fovea_magnitudes (*momentum)(const fovea_momentum *rule, const fovea_weight_block *block);
  fovea_magnitudes (*scaled)(float rate, const fovea_weight_block *block);
} fovea_dense_kernels;

// The loops whose factors are bfloat16: the upper half of a float. Two of them, side by side in 32 bits, are multiplied
// with two others and added to one float, so that a row of the kernel is taken in pairs along its run.
typedef struct {
  // To the nearest bfloat16, ties to even.
  void (*round)(const float *x, long count, uint16_t *y);

  // As `row` of fovea_vector_kernels, for blocks of 16 and of 8 filters, with weights [rows][pairs][filters][2]. The last
  // pair of an odd run reads one number more from x, and its weight is zero.
  void (*wide)(const uint16_t *x, long pitch, long step, const uint16_t *w, int rows, int pairs, int count, float *out);
  void (*narrow)(const uint16_t *x, long pitch, long step, const uint16_t *w, int rows, int pairs, int count, float *out);
} fovea_bfloat16_kernels;

// Maps that lie together: [height][width][lanes], a channel in each lane.
typedef struct {
  int height, width;
  long lanes;
  bool rectifies;
} fovea_normalization_slab;

// For each lane. Forward: y = (x − center)·factor + offset; backward: g·factor − mean − slope·(x − center).
typedef struct {
  const float *center, *factor, *offset, *mean, *slope;
} fovea_normalization_rule;

// Batch normalization of one slab. Windows are of 2×2 and lie side by side; which element of one was the largest, `winners`
// says, and 4 where the rectifier cuts it off. Gradients that it cuts off count as zero.
typedef struct {
  // sums[0][lane] = Σ (x − pivot), sums[1][lane] = Σ (x − pivot)²
  void (*moments)(const fovea_normalization_slab *s, const float *x, const float *pivot, float *sums);
  void (*normalize)(const fovea_normalization_slab *s, const fovea_normalization_rule *rule, const float *x, float *y);
  // `winners` may be null.
  void (*pool)(const fovea_normalization_slab *s, const fovea_normalization_rule *rule, const float *x, float *y,
               uint8_t *winners);
  // sums[0][lane] = Σ g, sums[1][lane] = Σ g·(x − center)
  void (*gradientSums)(const fovea_normalization_slab *s, const fovea_normalization_rule *rule, const float *x,
                       const float *gradients, float *sums);
  void (*poolSums)(const fovea_normalization_slab *s, const fovea_normalization_rule *rule, const float *x,
                   const float *gradients, const uint8_t *winners, float *sums);
  void (*gradient)(const fovea_normalization_slab *s, const fovea_normalization_rule *rule, const float *x,
                   const float *gradients, float *to);
  void (*poolGradient)(const fovea_normalization_slab *s, const fovea_normalization_rule *rule, const float *x,
                       const float *gradients, const uint8_t *winners, float *to);
} fovea_normalization_kernels;

// Winograd's algorithm for kernels of 3×3: four by four outputs of a tile of six by six inputs, by 36 products (positions) of
// matrices. Filters are multiplied a panel at a time. Of a tile at the edge with fewer outputs, only some positions are of use.
enum { WINOGRAD_SIDE = 6, WINOGRAD_OUTPUTS = 4, WINOGRAD_POSITIONS = WINOGRAD_SIDE * WINOGRAD_SIDE, WINOGRAD_PANEL = 16 };

// A tile in a tensor of blocks of channels, [blocks][height][width][lanes]: floats from a row, a pixel and a block to the next, which
// of its rows and columns lie inside, and how many rows and columns of outputs are made of it. `lanes` is a multiple of every vector's.
typedef struct {
  long row, pixel, block;
  int lanes, firstRow, endRow, firstColumn, endColumn, outputRows, outputColumns;
} fovea_winograd_tile;

// Whether a row or a column of positions is of use for so many outputs: n outputs are made of n + 2 products, at the points 0, 1, −1,
// 2, −2 in this order, and at infinity, which comes last.
static inline bool fovea_winograd_is_used(int position, int outputs) {
  return position <= outputs || position == WINOGRAD_SIDE - 1;
}

typedef struct {
  // So many tiles are multiplied at once; `multiply` takes any even number of them.
  int tiles;
  // u[p·pitch + c·WINOGRAD_PANEL + f] = (G g Gᵀ)[p] of the weights g[c][3×3][f], f < WINOGRAD_PANEL.
  void (*transform)(const float *g, int channels, float *u, long pitch);
  // to[p·pitch + c] = (Bᵀ x B)[p] of each channel c and each position of use. Outside, x is zero and not read.
  void (*spread)(const fovea_winograd_tile *tile, const float *x, int channels, float *to, long pitch);
  // m[t·pitch + f] = Σ_c v[t·step + c] · u[c][f],   f < WINOGRAD_PANEL. The sum runs over c in order, from what is there on if `adds`.
  void (*multiply)(const float *v, long step, int tiles, int channels, const float *u, bool adds, float *m, long pitch);
  // y = Aᵀ m A + bias of each filter f, m being m[p·pitch + f] of the positions of use; on top of what is there if `adds`. `bias` may be
  // null.
  void (*gather)(const fovea_winograd_tile *tile, const float *m, long pitch, int filters, const float *bias, bool adds,
                 bool rectifies, float *y);
} fovea_winograd_kernels;

// One row of pooled maps that lie `lanes` side by side: how many rows of the input it sees, floats from one of these to the next, their
// pixels, and the windows' first column, which may be negative in the padding.
typedef struct {
  int rows;
  long row;
  int width, lanes, outputWidth, window, stride, first;
} fovea_pooled_row;

typedef struct {
  // y[j·lanes + l] = the largest of x[i·row + k·lanes + l] over i < rows and the window's columns k inside; what is not a number is none.
  void (*maximum)(const fovea_pooled_row *row, const float *x, float *y);
} fovea_pooling_kernels;

// The whole table. `wide` is null where there are no vectors of 16, `rounded` where there are no instructions for it; whether
// the processor has the latter, fovea_kernels_has_bfloat16 says.
typedef struct {
  const fovea_vector_kernels *wide, *narrow;
  const fovea_list_kernels *lists;
  const fovea_interleaved_kernels *interleaved;
  const fovea_connected_kernels *connected;
  const fovea_plane_kernels *planes;
  const fovea_dense_kernels *dense;
  const fovea_normalization_kernels *normalization;
  const fovea_winograd_kernels *winograd;
  const fovea_pooling_kernels *pooling;
  const fovea_bfloat16_kernels *rounded;
} fovea_kernel_set;

extern const fovea_list_kernels fovea_portable_lists;
extern const fovea_kernel_set fovea_portable_kernels;
#if defined(__x86_64__)
extern const fovea_kernel_set fovea_avx2_kernels;
extern const fovea_list_kernels fovea_avx512_lists;
extern const fovea_bfloat16_kernels fovea_avx512_rounded;
extern const fovea_kernel_set fovea_avx512_kernels;
#elif defined(__aarch64__)
extern const fovea_kernel_set fovea_neon_kernels;
#endif

const fovea_kernel_set *fovea_kernels_of(fovea_instructions instructions);
