/// How large things may be. The limits lie far above any network, and far below where sums and products overflow.
enum Limit {
  /// Of one extent: a side of an image, a number of filters.
  static let extent = 1 << 24
  /// Of the elements of one parameter, or of one example's output: 1 GiB.
  static let elements = 1 << 28
}
