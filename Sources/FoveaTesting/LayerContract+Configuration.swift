import FoveaCore

extension LayerContract {
  static func checkConfiguration<L: Layer>(
    _ type: L.Type, _ configuration: L.Configuration, _ report: inout ContractReport
  ) {
    report.checkConfiguration(configuration, kind: L.kind)
  }

  static func checkRefusals<L: Layer>(
    _ type: L.Type, _ refusals: [Refusal<L.Configuration>], _ inputs: [Shape], _ report: inout ContractReport
  ) {
    report.check("no inputs are refused") {
      guard (try? L(L.Configuration.prototype, inputs: [])) == nil else {
        throw Breach("a layer was made of no inputs")
      }
      return ""
    }
    for (index, refusal) in refusals.enumerated() {
      report.check("refusal \(index)") {
        do throws(LayerError) {
          _ = try L(refusal.configuration, inputs: refusal.inputs ?? inputs)
        } catch {
          if let expected = refusal.error, expected != error { throw Breach("expected \(expected), got \(error)") }
          return "\(error)"
        }
        throw Breach("\(refusal.configuration) was accepted for inputs \(refusal.inputs ?? inputs)")
      }
    }
  }
}
