// Thirty-two registers of 4 floats, which a multiplication may take a factor from without a register of its own for it.
#define LANES 4
#define ROW_POSITIONS 24
#define PIECE_ROOM 25
#define INTERLEAVED_FILTERS 6
#define INTERLEAVED_UNITS 12
#define CONNECTED_COLUMNS 14
#define CONNECTED_TAP_ROWS 5
#define PLANE_FILTERS 6
#define PLANE_VECTORS 4
#define PRODUCT_FILTERS 3
#define PAIR_VECTORS 9
#define DENSE_LANES 4
#define DENSE_ROWS 6
#define DENSE_UNITS 8
#define DENSE_EXAMPLES 3
#define WINOGRAD_TILES 6
