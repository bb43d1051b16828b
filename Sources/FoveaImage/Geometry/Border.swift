import COpenCV

/// What lies beyond an image's edge.
public enum Border: String, Codable, CaseIterable, Sendable {
  /// One value everywhere.
  case constant
  /// The nearest pixel of the edge.
  case replicate

  var shimValue: FCVBorder {
    switch self {
    case .constant: FCV_BORDER_CONSTANT
    case .replicate: FCV_BORDER_REPLICATE
    }
  }
}
