# Creates and validates a customer in the sandbox, and waits for the result.
set -eu
base=${PAYSTACK_BASE_URL:-http://sandbox:4010}
call() {
    method=$1 path=$2
    shift 2
    curl --silent --show-error --retry 10 --retry-connrefused --retry-delay 1 --request "$method" "$base$path" \
        --header "Authorization: Bearer sk_test_compose" --header "Content-Type: application/json" "$@"
    echo
}
call POST /customer --data '{"email":"ada@example.com","first_name":"Ada"}'
call POST /customer/ada@example.com/identification --data '{"country":"NG","type":"bank_account",
    "account_number":"0111111111","bvn":"222222222221","bank_code":"007","first_name":"Uchenna","last_name":"Okoro"}'
sleep 3
call GET /customer/ada@example.com | grep -o '"identified":true'
