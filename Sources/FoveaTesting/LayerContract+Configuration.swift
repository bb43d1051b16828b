import FoveaCore

extension LayerContract {
  static func checkConfiguration<L: Layer>(
    _ type: L.Type, _ configuration: L.Configuration, _ report: inout ContractReport
  ) {
    report.check("kind is a valid name") {
      var registry = Registry()
      try registry.register(type)
      return L.kind
    }
    report.check("configuration survives being written and read") {
      let values = try ConfigurationDecoder.encode(configuration)
      let copy = try ConfigurationDecoder.decode(L.Configuration.self, from: values, owner: L.kind)
      guard copy == configuration else { throw Breach("\(configuration) became \(copy)") }
      let known = Set(try ConfigurationDecoder.keys(of: L.Configuration.self).map(\.key))
      if let stranger = L.Configuration.requiredKeys.subtracting(known).min() {
        throw Breach("the required key '\(stranger)' is none of the configuration's \(known.sorted())")
      }
      return "\(known.count) keys"
    }
    report.check("unknown and missing keys are refused") {
      var values = try ConfigurationDecoder.encode(configuration)
      for key in L.Configuration.requiredKeys.sorted() {
        var incomplete = values
        incomplete[key] = nil
        let copy = try? ConfigurationDecoder.decode(L.Configuration.self, from: incomplete, owner: L.kind)
        if let copy { throw Breach("without '\(key)' it was read as \(copy)") }
      }
      values["thisKeyExistsNowhere"] = 1
      let copy = try? ConfigurationDecoder.decode(L.Configuration.self, from: values, owner: L.kind)
      if let copy { throw Breach("a key that does not exist was read as \(copy)") }
      return ""
    }
  }

  static func checkRefusals<L: Layer>(
    _ type: L.Type, _ refusals: [Refusal<L.Configuration>], _ inputs: [Shape], _ report: inout ContractReport
  ) {
    report.check("no inputs are refused") {
      guard (try? L(L.Configuration(), inputs: [])) == nil else { throw Breach("a layer was made of no inputs") }
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
