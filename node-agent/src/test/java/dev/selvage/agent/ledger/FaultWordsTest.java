package dev.selvage.agent.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.selvage.model.ErrorCode;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Words as Fabric 3.1.5 and the embedded ledger said them. */
class FaultWordsTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "error validating proposal: access denied: channel [selvage] creator org unknown, creator is malformed|MSP_MISMATCH",
                "error validating proposal: access denied: channel [selvage] creator org [EwrMSP]|IDENTITY_INVALID",
                "error validating proposal: proposal client identity expired 1h2m3s ago|CERTIFICATE_EXPIRED",
                "failed to get config for channel [nochannel]: could not get last config for channel nochannel|CHANNEL_UNKNOWN",
                "failed to create connections for channel nochannel|CHANNEL_UNKNOWN",
                "no peers available to evaluate chaincode nothing in channel selvage|CHAINCODE_UNKNOWN",
                "no combination of peers can be derived which satisfy the endorsement policy: No metadata was found for chaincode x in channel selvage|CHAINCODE_UNKNOWN",
                "no combination of peers can be derived which satisfy the endorsement policy: chaincode x is not defined on channel selvage|CHAINCODE_UNKNOWN",
                "error in simulation: failed to execute transaction 0d57: could not launch chaincode off-chain-compute: connection to 127.0.0.1:7061 failed|CHAINCODE_UNREACHABLE",
                "request unauthorized due to incorrect timestamp, 17 s since 1970, peer time 2026-11-22T08:00:00Z|CLOCK_SKEW",
                "no orderers could successfully process transaction|ORDERER_UNREACHABLE",
                "too many requests for /gateway.Gateway, exceeding concurrency limit (500)|TOO_MANY_REQUESTS"
            })
    void means(String words, ErrorCode code) {
        assertThat(FaultWords.of(words)).contains(code);
    }

    @Test
    void unknown_words_mean_nothing() {
        assertThat(FaultWords.of("the dog ate it")).isEmpty();
        assertThat(FaultWords.of(null)).isEmpty();
    }

    @Test
    void link_that_failed_is_told_by_its_causes() {
        var name = new SSLHandshakeException("General OpenSslEngine problem");
        name.initCause(new CertificateException("No subject alternative DNS name matching peer0.jfk.example found."));
        assertThat(FaultWords.ofLink(new IllegalStateException(name))).contains(ErrorCode.TLS_NAME_MISMATCH);
        var untrusted = new SSLHandshakeException("General OpenSslEngine problem");
        untrusted.initCause(new CertificateException("unable to find valid certification path to requested target"));
        assertThat(FaultWords.ofLink(untrusted)).contains(ErrorCode.TLS_UNTRUSTED);
        var expired = new SSLHandshakeException("General OpenSslEngine problem");
        expired.initCause(new CertificateException("validity", new CertificateExpiredException("NotAfter: 2020")));
        assertThat(FaultWords.ofLink(expired)).contains(ErrorCode.CERTIFICATE_EXPIRED);
        assertThat(FaultWords.ofLink(new java.net.ConnectException("Connection refused")))
                .isEmpty();
    }
}
