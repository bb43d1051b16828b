// What any processor has: sixteen registers of four floats, as SSE2 has them. The compiler splits vectors of 8 into these.
#define LANES 8
#define ROW_POSITIONS 6
#define PIECE_ROOM 6
#define INTERLEAVED_FILTERS 1
#define INTERLEAVED_UNITS 2
#define CONNECTED_COLUMNS 4
#define CONNECTED_TAP_ROWS 1
#define PLANE_FILTERS 2
#define PLANE_VECTORS 2
#define PRODUCT_FILTERS 1
#define PAIR_VECTORS 2
#define DENSE_LANES 4
#define DENSE_ROWS 2
#define DENSE_UNITS 4
#define DENSE_EXAMPLES 2
#define WINOGRAD_TILES 2
#define BYTE_PIXELS 2
#define BYTE_CASES CASE(1) CASE(2)
