#include "PooledShape.h"

size_t fovea_weights_scratch(const fovea_pooled_convolution *shape, const fovea_pooled_shape *p);
size_t fovea_data_scratch(const fovea_pooled_convolution *shape, const fovea_pooled_shape *p);

fovea_pooled_convolution_memory fovea_pooled_convolution_sizes(const fovea_pooled_convolution *s) {
  const fovea_pooled_shape p = fovea_pooled_shape_of(s);
  fovea_pooled_convolution_memory memory;
  memory.source = p.example + WIDE;
  memory.sources = s->batch * p.example + WIDE;
  memory.winners = ((size_t)s->batch * p.windows * p.paddedFilters + 3) / 4;
  memory.forward = (size_t)p.paddedFilters * s->kernelHeight * p.run + p.paddedFilters +
                   (size_t)s->windowHeight * p.convolvedWidth * WIDE + (size_t)p.windows * p.paddedFilters;
  memory.weights = fovea_weights_scratch(s, &p);
  memory.data = fovea_data_scratch(s, &p);
  return memory;
}
