/// The names of the classes of data sets that everybody knows and whose files do not hold them, told by their labels.
enum KnownClasses {
  /// Nil where the labels are of no such set.
  static func names(of labels: [UInt16]) -> [String]? {
    let starts = fashionStarts.contains { labels.starts(with: $0) }
    return starts && labels.allSatisfy { $0 < fashion.count } ? fashion : nil
  }

  /// Source: H. Xiao, K. Rasul, R. Vollgraf, "Fashion-MNIST", 2017, table 2.
  static let fashion = [
    "T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot",
  ]

  // Of its training part and of its test part. Another set of ten classes starts with one of them once in 10³².
  private static let fashionStarts: [[UInt16]] = [
    [9, 0, 0, 3, 0, 2, 7, 2, 5, 5, 0, 9, 5, 5, 7, 9, 1, 0, 6, 4, 3, 1, 4, 8, 4, 3, 0, 2, 4, 4, 5, 3],
    [9, 2, 1, 1, 6, 1, 4, 6, 5, 7, 4, 5, 7, 3, 4, 1, 2, 4, 8, 0, 2, 5, 7, 9, 1, 4, 6, 0, 9, 3, 8, 8],
  ]
}
