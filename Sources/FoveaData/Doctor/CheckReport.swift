import FoveaCore

/// What a check has found.
public struct CheckReport: Sendable {
  /// The check's kind.
  public let check: String
  /// What it looks for.
  public let summary: String
  /// The thresholds that were used, in words with units; empty where there are none.
  public let bound: String
  /// What is to be known of the check on this data: a threshold that gave way to another, or why it did not look.
  public var remark: String?
  public let findings: [Finding]

  public init(_ check: some DataCheck, bound: String = "", remark: String? = nil, _ findings: [Finding]) {
    self.check = type(of: check).kind
    summary = type(of: check).summary
    self.bound = bound
    self.remark = remark
    self.findings = findings
  }

  /// How many pictures are in its findings.
  public var pictureCount: Int { Set(findings.flatMap(\.pictures)).count }
}
